//! What the template of duplicates is given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Look, Pair};
use crate::{accounts::User, web::Shell};

/// The pairs, and how the last look for them went.
pub(super) struct List {
    pub contacts: String,
    pub pairs: Vec<Pair>,
    pub look: Option<Look>,
    pub may_edit: bool,
    pub me: User,
}

impl List {
    pub(super) fn path(&self) -> String {
        format!("{}/duplicates", self.contacts)
    }

    pub(super) fn is_looking(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.status == "waiting")
    }

    pub(super) fn when(&self, at: DateTime<Utc>) -> String {
        self.me.date_and_time(at)
    }

    pub(super) fn day(&self, at: DateTime<Utc>) -> String {
        self.me.date(at)
    }
}

#[derive(Template)]
#[template(path = "contacts/duplicates/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
}

/// The same while somebody waits for a look.
#[derive(Template)]
#[template(path = "contacts/duplicates/index.html", block = "standing")]
pub(super) struct Standing {
    pub list: List,
}
