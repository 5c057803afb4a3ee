//! The doors into an organization, and the checks at each.
//!
//! A tenant's rows are reachable through an [`OrgTx`] only, and an `OrgTx` comes from a scope only.
//! Who holds which scope:
//!
//! - [`Scope<P>`]: a signed-in member, in a handler, allowed to do `P`
//! - [`JobScope`]: the machine, for work that belongs to one organization
//! - [`VisitorScope<V>`]: anyone, on a page that an organization has published
//! - [`PlatformScope<P>`]: somebody who looks after the installation, allowed to do `P`
//! - [`FoundingScope`]: somebody about to make an organization
//!
//! A refusal says what is missing and who can give it. [`viewing`] lets somebody look as another role.
//!
//! Owns nothing. Asks one SQL function, `app.user_organizations`, who may enter what; nothing else
//! decides it. Entering an organization takes one round trip.

mod founding_scope;
mod job_scope;
mod member;
mod org_tx;
mod permission;
mod platform_scope;
mod queries;
mod refusal;
mod scope;
mod support;
pub mod viewing;
mod visitor_scope;

pub use founding_scope::FoundingScope;
pub use job_scope::JobScope;
pub use member::Member;
pub use org_tx::{Commit, Mode, OrgTx};
pub use permission::{CATALOGUE, Described, Permission, sentence_of};
pub use platform_scope::{GiveSupport, PLATFORM, PlatformScope};
pub use queries::{Access, accessible_organizations, support_to_end};
pub use scope::{Scope, recent};
pub use visitor_scope::{Visit, VisitorScope};

crate::id!(
    /// The tenant: every row of every tenant table belongs to exactly one organization.
    OrgId
);
