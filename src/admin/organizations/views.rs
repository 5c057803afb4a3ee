//! What the templates in `templates/admin/organizations/` are given.

use askama::Template;

use super::Organization;
use crate::{
    accounts::User,
    admin::list::ListQuery,
    web::{Shell, page::Page},
};

#[derive(Template)]
#[template(path = "admin/organizations/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub query: ListQuery,
    pub page: Page<Organization>,
    pub reader: User,
}

impl Index {
    fn previous(&self) -> &str {
        self.page.previous.as_deref().unwrap_or_default()
    }

    fn next(&self) -> &str {
        self.page.next.as_deref().unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "admin/organizations/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub organization: Organization,
    pub may_support: bool,
    pub reader: User,
}
