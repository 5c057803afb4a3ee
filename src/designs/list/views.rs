//! What the pages of the list are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::queries::Listed;
use crate::{
    accounts::User,
    designs::starters::Starter,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "designs/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub org: String,
    pub designs: Vec<Listed>,
    pub q: String,
    pub shows_archived: bool,
    pub may_edit: bool,
    pub me: User,
}

impl Index {
    fn at(&self, moment: &DateTime<Utc>) -> String {
        self.me.date_and_time(*moment)
    }
}

#[derive(Template)]
#[template(path = "designs/new.html")]
pub(super) struct New {
    pub shell: Shell,
    pub org: String,
    pub title: String,
    pub starter: String,
    pub starters: &'static [Starter],
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "designs/rename.html")]
pub(super) struct Rename {
    pub shell: Shell,
    pub org: String,
    pub id: uuid::Uuid,
    pub title: String,
    pub errors: FieldErrors,
}
