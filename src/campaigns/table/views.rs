//! What the pages of the list are given.

use askama::Template;

use super::queries::{Listed, MOST};
use crate::{
    accounts::User,
    campaigns::Status,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "campaigns/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    pub campaigns: Vec<Listed>,
    pub q: String,
    pub shows_archived: bool,
    pub may_edit: bool,
    pub me: User,
}

impl Index {
    /// When it leaves or left; when it was changed while nobody knows.
    fn when(&self, one: &Listed) -> String {
        let (words, at) = match (one.status, one.started_at, one.begins_at) {
            (Status::Scheduled | Status::Queued, _, Some(at)) => ("Begins", at),
            (Status::Draft, ..) | (_, None, _) => ("Changed", one.updated_at),
            (_, Some(at), _) => ("Began", at),
        };
        format!("{words} {}", self.me.date_and_time(at))
    }

    fn recipients(&self, one: &Listed) -> String {
        if one.is_frozen { crate::numbers::grouped(one.recipients) } else { "–".to_owned() }
    }

    fn share(&self, one: &Listed, of: &i64) -> String {
        if !one.is_frozen || one.recipients <= 0 {
            return "–".to_owned();
        }
        format!("{:.1} %", *of as f64 * 100.0 / one.recipients as f64)
    }

    fn is_cut(&self) -> bool {
        i64::try_from(self.campaigns.len()).is_ok_and(|shown| shown >= MOST)
    }
}

#[derive(Template)]
#[template(path = "campaigns/new.html")]
pub(super) struct New {
    pub shell: Shell,
    pub path: String,
    pub typed: String,
    pub errors: FieldErrors,
}
