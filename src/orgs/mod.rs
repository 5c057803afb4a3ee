//! Organizations, called workspaces on the screen: making one, its settings, and who belongs to it.
//!
//! Owns `organizations`, `organization_members`, `roles`, `role_permissions`, `invitations`,
//! `brand_profiles` and `saved_views`. Always true: an organization has at least one active owner, or is
//! a client that its agency enters; a slug, once given, stays; a member who was shut out cannot enter
//! with their next request; nobody gives a permission that they do not hold; every change is in the
//! audit log, in the transaction that made it.
//!
//! - [`founding`], [`system_roles`]: making an organization
//! - [`frame`]: the shell around every page of a workspace
//! - `happened`: what others may listen for
//! - [`workspaces`]: choosing one, and the short addresses
//! - [`settings`]: general, and security
//! - [`jobs`]: what is done for it in the background
//! - [`secrets`]: the page of what it entrusts us with
//! - [`roles`]: who may do what, and looking as somebody else would
//! - [`people`], [`invitations`]: who is in it, and asking somebody in
//! - [`brand`]: how it looks to those it writes to
//! - [`clients`]: the clients of an agency, and who can enter each
//! - [`audit_log`]: the page of who changed what
//! - [`saved_views`]: lists as somebody wants to see them again
//! - [`palette`]: jumping by keyboard
//! - [`live`]: what reaches an open page by itself

pub mod audit_log;
pub mod brand;
pub mod clients;
pub mod founding;
pub mod frame;
pub mod happened;
pub mod invitations;
pub mod jobs;
pub mod live;
pub mod palette;
pub mod people;
mod permissions;
pub mod roles;
pub mod saved_views;
pub mod secrets;
pub mod settings;
pub mod system_roles;
pub mod workspaces;

pub use permissions::{
    EditBrand, EditClients, EditJobs, EditMembers, EditRoles, EditSecurity, EditWorkspace, ViewAudit,
    ViewClients, ViewJobs, ViewMembers, ViewRoles, ViewWorkspace,
};

use crate::web::Routes;

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(settings::routes::routes())
        .merge(secrets::routes::routes())
        .merge(jobs::routes::routes())
        .merge(people::routes::routes())
        .merge(invitations::sending::routes())
        .merge(roles::routes::routes())
        .merge(brand::routes::routes())
        .merge(audit_log::routes::routes())
        .merge(clients::routes::routes())
        .merge(saved_views::routes::routes())
        .merge(palette::routes())
        .merge(live::routes())
}
