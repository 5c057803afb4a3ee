//! What the templates of topics and suppressions are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Topic, queries::Suppressed, reason_words};
use crate::{
    accounts::User,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "contacts/topics.html")]
pub(super) struct Topics {
    pub shell: Shell,
    pub path: String,
    pub topics: Vec<Topic>,
    pub may_edit: bool,
    pub typed_name: String,
    pub description: String,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "contacts/suppressions.html")]
pub(super) struct Suppressions {
    pub shell: Shell,
    pub path: String,
    pub suppressed: Vec<Suppressed>,
    pub may_edit: bool,
    pub me: User,
    pub q: String,
    pub address: String,
    pub errors: FieldErrors,
}

impl Suppressions {
    fn when(&self, at: DateTime<Utc>) -> String {
        self.me.date(at)
    }

    fn why<'a>(&self, row: &'a Suppressed) -> &'a str {
        reason_words(&row.reason)
    }

    /// Whether somebody here may let it be written to again: what its owner asked for stays.
    fn can_release(&self, row: &Suppressed) -> bool {
        ["manual", "soft_bounces"].contains(&row.reason.as_str())
    }
}
