//! The shell around a person's own pages, and the part of it that every page shares.

use super::{CurrentUser, User};
use crate::web::{
    App, Result, Shell,
    csrf::FormToken,
    flash,
    shell::{NavItem, ShellUser},
};

/// The shell for a page of the person's own. `section` is the key of the current item.
pub async fn frame(app: &App, current: &CurrentUser, token: &FormToken, section: &str) -> Result<Shell> {
    let mut shell = shell_of(app, &current.user);
    shell.csrf = token.value();
    shell.flash = flash::take(&current.session).await;
    shell.section = section.to_owned();
    Ok(shell)
}

/// What a page shows of the person who looks at it, in whatever workspace.
pub fn shell_of(app: &App, user: &User) -> Shell {
    let as_chosen = |value: &str, plain: &str| if value == plain { String::new() } else { value.to_owned() };
    Shell {
        theme: as_chosen(&user.theme, "system"),
        density: as_chosen(&user.density, "comfortable"),
        lang: user.language.clone(),
        shortcuts_on: user.shortcuts_on,
        user: Some(ShellUser {
            name: user.name.clone(),
            email: user.email.clone(),
            initials: user.initials(),
            avatar: user.avatar_url(),
        }),
        personal: personal_pages(),
        unread: user.unread,
        account: account_pages(user),
        has_platform_role: user.has_platform_role,
        dev: app.config.dev,
        ..Shell::default()
    }
}

/// What the person has to do and to know, over all their workspaces.
fn personal_pages() -> Vec<NavItem> {
    vec![
        NavItem::new("my-day", "My day", "/my-day".into(), "sun", "g y"),
        NavItem::new("notifications", "Notifications", "/notifications".into(), "bell", "g n"),
    ]
}

fn account_pages(user: &User) -> Vec<NavItem> {
    let mut pages = vec![
        NavItem::new("profile", "Profile", "/account".into(), "user", ""),
        NavItem::new("preferences", "Preferences", "/account/preferences".into(), "adjustments", ""),
        NavItem::new("notices", "Notification settings", "/account/notifications".into(), "bell-cog", ""),
        NavItem::new("security", "Security", "/account/security".into(), "shield-lock", ""),
        NavItem::new("sessions", "Sessions", "/account/sessions".into(), "devices", ""),
        NavItem::new("workspaces", "Workspaces", "/workspaces".into(), "switch-horizontal", ""),
    ];
    if user.has_platform_role {
        pages.push(NavItem::new("admin", "Administration", "/admin".into(), "server-cog", ""));
    }
    pages
}
