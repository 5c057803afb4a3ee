//! The doors into an organization, and the checks at each.
//!
//! A tenant's rows are reachable through an [`OrgTx`] only, and an `OrgTx` comes from a scope only.
//! Who holds which scope:
//!
//! - [`Scope<P>`]: a signed-in member, in a handler, allowed to do `P`
//! - [`JobScope`]: the machine, for work that belongs to one organization
//! - [`VisitorScope<V>`]: anyone, on a page that an organization has published
//! - [`FoundingScope`]: somebody about to make an organization
//!
//! Owns nothing. Asks one SQL function, `app.user_organizations`, who may enter what; nothing else
//! decides it. Entering an organization takes one round trip.

mod founding_scope;
mod job_scope;
mod org_tx;
mod permission;
mod queries;
mod scope;
mod visitor_scope;

pub use founding_scope::FoundingScope;
pub use job_scope::JobScope;
pub use org_tx::{Mode, OrgTx};
pub use permission::{CATALOGUE, Described, Permission};
pub use queries::{Access, accessible_organizations};
pub use scope::{Member, Scope};
pub use visitor_scope::{Visit, VisitorScope};

crate::id!(
    /// The tenant: every row of every tenant table belongs to exactly one organization.
    OrgId
);
