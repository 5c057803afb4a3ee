//! The shell around every page of a workspace: whose it is, and where one can go from here.

use super::{EditSecurity, EditWorkspace, ViewMembers};
use crate::{
    accounts::{self, user::initials},
    secrets::EditSecrets,
    tenancy::{Access, Member, Permission, Scope},
    web::{
        App, Result, Shell, flash,
        shell::{NavGroup, NavItem, ShellWorkspace},
    },
};

/// The shell for a page of this workspace. `section` is the key of the navigation's item that is current.
pub async fn frame<P: Permission>(app: &App, scope: &Scope<P>, section: &str) -> Result<Shell> {
    let member = &scope.member;
    let mut shell = accounts::shell_of(app, &member.user);
    shell.flash = flash::take(&scope.session).await;
    shell.section = section.to_owned();
    shell.workspace = Some(workspace(&member.access));
    shell.nav = navigation(member);
    Ok(shell)
}

/// The workspace as its band, tile and switcher show it.
pub fn workspace(access: &Access) -> ShellWorkspace {
    ShellWorkspace {
        slug: access.slug.clone(),
        name: access.name.clone(),
        initials: initials(&access.name),
        hue: access.hue,
        kind: access.role_name.clone(),
        is_sample: access.is_sample,
    }
}

/// What this member may open, in the order of the sidebar.
fn navigation(member: &Member) -> Vec<NavGroup> {
    let mut main = vec![NavItem::new("home", "Home", member.link(""), "home", "g h")];
    if member.may::<ViewMembers>() {
        main.push(NavItem::new("people", "People", member.link("/people"), "users", "g p"));
    }
    let mut groups = vec![NavGroup { label: String::new(), items: main }];
    let settings = if member.may::<EditWorkspace>() {
        Some(member.link("/settings"))
    } else if member.may::<EditSecurity>() {
        Some(member.link("/settings/security"))
    } else if member.may::<EditSecrets>() {
        Some(member.link("/settings/secrets"))
    } else {
        None
    };
    if let Some(settings) = settings {
        let items = vec![NavItem::new("settings", "Settings", settings, "settings", "g s")];
        groups.push(NavGroup { label: "Workspace".to_owned(), items });
    }
    groups
}
