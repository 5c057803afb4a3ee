//! What stands around every page: who looks, in which workspace, and where one can go.
//!
//! A page is a struct with a field `shell`, whose template extends `layouts/workspace.html`,
//! `layouts/account.html` or `layouts/visitor.html` and fills the blocks `title` and `main`. Who fills
//! the shell: `accounts::frame` for a person's own pages, `orgs::frame` for those of a workspace,
//! [`Shell::visitor`] for somebody nobody knows.

use super::flash::Flash;

#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// `light`, `dark`, or empty for what the system says.
    pub theme: String,
    /// `compact`, or empty.
    pub density: String,
    pub lang: String,
    pub shortcuts_on: bool,
    /// The form token, where the page was given one.
    pub csrf: String,
    pub flash: Option<Flash>,
    pub user: Option<ShellUser>,
    pub workspace: Option<ShellWorkspace>,
    /// The key of the navigation's current item.
    pub section: String,
    pub nav: Vec<NavGroup>,
    /// The pages of the workspace's settings that the member may open.
    pub settings: Vec<NavItem>,
    /// The role as which the member only looks at the workspace.
    pub viewing_as: Option<String>,
    /// What the person has to do and to know, over all their workspaces.
    pub personal: Vec<NavItem>,
    /// Notices that they have not read.
    pub unread: i32,
    /// Pages of the person's own, whatever workspace they are in.
    pub account: Vec<NavItem>,
    /// Where this is, when it is neither a workspace nor the person's own: `Administration`.
    pub area: &'static str,
    /// Who of the platform's support is here, until when and why.
    pub support: Option<ShellSupport>,
    /// Whether the person looks after the installation.
    pub has_platform_role: bool,
    /// Whether the pages for development are open.
    pub dev: bool,
}

#[derive(Clone, Debug)]
pub struct ShellUser {
    pub name: String,
    pub email: String,
    pub initials: String,
    pub avatar: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ShellWorkspace {
    pub slug: String,
    pub name: String,
    pub initials: String,
    /// One of twelve colours, 0 to 11.
    pub hue: i16,
    /// What the person is here, in words.
    pub kind: String,
    pub is_sample: bool,
}

/// What every page says while the platform's support looks at a workspace.
#[derive(Clone, Debug)]
pub struct ShellSupport {
    pub name: String,
    pub until: String,
    pub reason: String,
    pub reads_only: bool,
    /// Where the button that ends it posts to.
    pub end: String,
}

#[derive(Clone, Debug)]
pub struct NavGroup {
    /// Empty for the first, which needs none.
    pub label: String,
    pub items: Vec<NavItem>,
}

#[derive(Clone, Debug)]
pub struct NavItem {
    pub key: &'static str,
    pub label: &'static str,
    pub href: String,
    pub icon: &'static str,
    /// Keys one after the other, such as `g h`.
    pub keys: &'static str,
}

impl NavItem {
    pub fn new(
        key: &'static str,
        label: &'static str,
        href: String,
        icon: &'static str,
        keys: &'static str,
    ) -> Self {
        Self { key, label, href, icon, keys }
    }
}

impl Shell {
    /// For pages that nobody need be signed in for.
    pub fn visitor(csrf: String) -> Self {
        Self { lang: "en-US".to_owned(), csrf, ..Self::default() }
    }

    /// Every page that the navigation leads to: label, address, icon.
    pub fn destinations(&self) -> impl Iterator<Item = (String, String, &'static str)> {
        let work = self.nav.iter().flat_map(|group| &group.items).chain(&self.personal);
        let items = work.chain(&self.settings).chain(&self.account);
        items.map(|item| (item.label.to_owned(), item.href.clone(), item.icon))
    }

    /// The number of unread notices as a page shows it.
    pub fn unread_words(&self) -> String {
        unread_words(self.unread)
    }

    pub fn is_current(&self, key: &str) -> bool {
        self.section == key
    }
}

/// A number of unread notices as the bell shows it.
pub fn unread_words(unread: i32) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}
