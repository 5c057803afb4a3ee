//! What the template `templates/contacts/lists.html` is given.

use askama::Template;

use super::List;
use crate::{
    numbers,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "contacts/lists.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    pub lists: Vec<List>,
    pub may_edit: bool,
    pub typed_name: String,
    pub description: String,
    pub errors: FieldErrors,
}

impl Index {
    fn people(&self, list: &List) -> String {
        numbers::people(list.people)
    }
}
