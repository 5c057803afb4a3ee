//! A list as its address describes it: what is searched for, and the place in it.

use serde::Deserialize;

use crate::web::page::{Cursor, Going};

/// The query part of a list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub q: String,
    pub after: String,
    pub before: String,
}

impl ListQuery {
    pub(super) fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    pub(super) fn cursor(&self) -> Option<Cursor> {
        Cursor::decode(if self.before.is_empty() { &self.after } else { &self.before })
    }

    /// The search with the wildcards of LIKE taken literally.
    pub(super) fn pattern(&self) -> String {
        let literal = self.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }

    /// What describes the list, without the place in it.
    pub(super) fn view(&self) -> String {
        let q = self.q.trim();
        if q.is_empty() {
            return String::new();
        }
        form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish()
    }
}
