//! What the template `templates/orgs/audit_log/index.html` is given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    Line,
    filter::{KINDS, LogQuery, OUTCOMES},
};
use crate::{accounts::User, web::Shell};

#[derive(Template)]
#[template(path = "orgs/audit_log/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    pub lines: Vec<Line>,
    /// The number after which older lines follow; empty when there are none.
    pub older: String,
    pub query: LogQuery,
    pub me: User,
}

impl Index {
    pub(super) fn when(&self, at: &DateTime<Utc>) -> String {
        self.me.date_and_time(*at)
    }

    pub(super) fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        KINDS
    }

    pub(super) fn outcomes(&self) -> &'static [(&'static str, &'static str)] {
        OUTCOMES
    }

    /// The address with this view and `more` behind it.
    pub(super) fn at(&self, path: &str, more: &str) -> String {
        let view = self.query.view();
        let and = if view.is_empty() || more.is_empty() { "" } else { "&" };
        let mark = if view.is_empty() && more.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{view}{and}{more}", self.path)
    }
}
