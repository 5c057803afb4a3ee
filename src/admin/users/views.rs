//! What the templates in `templates/admin/users/` are given.

use askama::Template;

use super::{Person, Place};
use crate::{
    accounts::User,
    admin::list::ListQuery,
    web::{FieldErrors, Shell, page::Page},
};

#[derive(Template)]
#[template(path = "admin/users/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub query: ListQuery,
    pub page: Page<Person>,
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
#[template(path = "admin/users/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub person: Person,
    pub places: Vec<Place>,
    pub may_manage: bool,
    pub errors: FieldErrors,
    pub reader: User,
}

impl Show {
    fn standing(&self, place: &Place) -> (&'static str, &'static str) {
        match place.status.as_str() {
            "active" => ("ok", "Can enter"),
            "pending" => ("info", "Invited"),
            _ => ("plain", "Shut out"),
        }
    }
}
