//! The shell around every page of administration.

use super::{ManageJobs, ViewMail};
use crate::{
    accounts,
    tenancy::{Permission, PlatformScope},
    web::{
        App, Result, Shell, flash,
        shell::{NavGroup, NavItem},
    },
};

/// The shell for a page of administration. `section` is the key of the navigation's item that is current.
pub(super) async fn frame<P: Permission>(
    app: &App,
    scope: &PlatformScope<P>,
    section: &str,
) -> Result<Shell> {
    let mut shell = accounts::shell_of(app, &scope.user);
    shell.flash = flash::take(&scope.session).await;
    shell.section = section.to_owned();
    shell.area = "Administration";
    let mut items = vec![
        NavItem::new("overview", "Overview", "/admin".to_owned(), "activity", ""),
        NavItem::new("organizations", "Workspaces", "/admin/organizations".to_owned(), "buildings", ""),
        NavItem::new("users", "People", "/admin/users".to_owned(), "users", ""),
    ];
    if scope.may::<ManageJobs>() {
        items.push(NavItem::new("jobs", "Jobs", "/admin/jobs".to_owned(), "clock", ""));
    }
    if scope.may::<ViewMail>() {
        items.push(NavItem::new("mailbox", "System mail", "/admin/mailbox".to_owned(), "mailbox", ""));
    }
    shell.nav = vec![NavGroup { label: "Administration".to_owned(), items }];
    Ok(shell)
}
