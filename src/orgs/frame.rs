//! The shell around every page of a workspace: whose it is, and where one can go from here.

use super::{
    EditBrand, EditSecurity, EditWorkspace, ViewAudit, ViewClients, ViewJobs, ViewMembers, ViewRoles,
};
use crate::{
    accounts::{self, user::initials},
    secrets::EditSecrets,
    tenancy::{Access, Member, Permission, Scope},
    web::{
        App, Result, Shell, flash,
        shell::{NavGroup, NavItem, ShellSupport, ShellWorkspace},
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
    shell.settings = settings(member);
    shell.viewing_as.clone_from(&member.viewing_as);
    shell.support = support(member);
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

/// What every page says while somebody of the platform's support looks at it.
fn support(member: &Member) -> Option<ShellSupport> {
    let access = &member.access;
    Some(ShellSupport {
        name: member.user.name.clone(),
        until: member.user.date_and_time(access.support_until?),
        reason: access.support_reason.clone()?,
        reads_only: access.only_looks(),
        end: format!("/admin/organizations/{}/support/{}/end", access.org, access.support_grant?),
    })
}

/// What this member may open, in the order of the sidebar.
fn navigation(member: &Member) -> Vec<NavGroup> {
    let mut main = vec![NavItem::new("home", "Home", member.link(""), "home", "g h")];
    if member.holds("contacts.view") {
        main.push(NavItem::new("contacts", "Contacts", member.link("/contacts"), "address-book", "g t"));
        main.push(NavItem::new("companies", "Companies", member.link("/companies"), "building", "g o"));
    }
    if member.holds("deals.view") {
        main.push(NavItem::new("deals", "Deals", member.link("/deals"), "layout-kanban", "g l"));
    }
    if member.holds("tasks.view") {
        main.push(NavItem::new("tasks", "Tasks", member.link("/tasks"), "checklist", "g k"));
    }
    if member.may::<ViewMembers>() {
        main.push(NavItem::new("people", "People", member.link("/people"), "users", "g p"));
    }
    // Named by their keys: these domains lie above.
    if member.holds("campaigns.view") {
        main.push(NavItem::new("campaigns", "Campaigns", member.link("/campaigns"), "send", "g m"));
    }
    if member.holds("designs.view") {
        main.push(NavItem::new("designs", "Designs", member.link("/designs"), "template", "g d"));
    }
    if member.may::<ViewClients>() && member.access.kind == "agency" {
        let clients = member.link("/clients");
        main.push(NavItem::new("clients", "Clients", clients, "building-community", "g c"));
    }
    let mut groups = vec![NavGroup { label: String::new(), items: main }];
    // The first page of the settings that they may open stands for all of them.
    if let Some(first) = settings(member).into_iter().next() {
        let items = vec![NavItem::new("settings", "Settings", first.href, "settings", "g s")];
        groups.push(NavGroup { label: "Workspace".to_owned(), items });
    }
    groups
}

/// The pages of the settings that this member may open.
fn settings(member: &Member) -> Vec<NavItem> {
    let page = |is_open: bool, key: &'static str, label: &'static str, path: &str| {
        is_open.then(|| NavItem::new(key, label, member.link(path), "settings", ""))
    };
    [
        page(member.may::<EditWorkspace>(), "general", "General", "/settings"),
        page(member.may::<EditSecurity>(), "security", "Security", "/settings/security"),
        page(member.may::<EditBrand>(), "brand", "Brand", "/settings/brand"),
        page(member.holds("senders.edit"), "sending", "Sending", "/settings/sending"),
        page(member.holds("contacts.view"), "fields", "Fields", "/settings/fields"),
        page(member.holds("contacts.view"), "scoring", "Scoring", "/settings/scoring"),
        page(member.holds("contacts.view"), "topics", "Topics", "/settings/topics"),
        page(member.holds("pipelines.manage"), "pipelines", "Pipelines", "/settings/pipelines"),
        page(member.holds("contacts.view"), "suppressions", "Suppressions", "/settings/suppressions"),
        page(member.holds("contacts.privacy"), "data", "Data and privacy", "/settings/data"),
        page(member.may::<ViewRoles>(), "roles", "Roles", "/settings/roles"),
        page(member.may::<EditSecurity>(), "support", "Support access", "/settings/support"),
        page(member.may::<EditSecrets>(), "secrets", "Secrets", "/settings/secrets"),
        page(member.may::<ViewJobs>(), "jobs", "Jobs", "/settings/jobs"),
        page(member.may::<ViewAudit>(), "audit-log", "Audit log", "/settings/audit-log"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
