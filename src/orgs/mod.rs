//! Organizations, called workspaces on the screen: making one, its settings, and who belongs to it.
//!
//! Owns `organizations`, `organization_members`, `roles`, `role_permissions`, `invitations` and
//! `saved_views`. Always true: an organization has at least one active owner; a slug, once given, stays;
//! a member who was shut out cannot enter with their next request.
//!
//! - [`founding`], [`system_roles`]: making an organization
//! - [`frame`]: the shell around every page of a workspace
//! - [`workspaces`]: choosing one, and the short addresses
//! - [`settings`]: general and security
//! - [`secrets`]: the page of what it entrusts us with
//! - [`people`]: who is in it
//! - [`saved_views`]: lists as somebody wants to see them again
//! - [`palette`]: jumping by keyboard
//! - [`live`]: what reaches an open page by itself

pub mod founding;
pub mod frame;
pub mod live;
pub mod palette;
pub mod people;
pub mod saved_views;
pub mod secrets;
pub mod settings;
pub mod system_roles;
pub mod workspaces;

use crate::{
    tenancy::{Mode, Permission},
    web::Routes,
};

pub struct ViewWorkspace;
pub struct EditWorkspace;
pub struct EditSecurity;
pub struct ViewMembers;
pub struct EditMembers;

impl Permission for ViewWorkspace {
    const KEY: &'static str = "workspace.view";
    const MODE: Mode = Mode::Read;
}

impl Permission for EditWorkspace {
    const KEY: &'static str = "workspace.edit";
    const MODE: Mode = Mode::Write;
}

impl Permission for EditSecurity {
    const KEY: &'static str = "security.edit";
    const MODE: Mode = Mode::Write;
}

impl Permission for ViewMembers {
    const KEY: &'static str = "members.view";
    const MODE: Mode = Mode::Read;
}

impl Permission for EditMembers {
    const KEY: &'static str = "members.edit";
    const MODE: Mode = Mode::Write;
}

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(settings::routes::routes())
        .merge(secrets::routes::routes())
        .merge(people::routes::routes())
        .merge(saved_views::routes::routes())
        .merge(palette::routes())
        .merge(live::routes())
}
