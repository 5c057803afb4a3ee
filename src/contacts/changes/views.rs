//! What the templates of changes are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{AT_ONCE, Change};
use crate::{
    accounts::User,
    numbers::{grouped, people},
    tenancy::Member,
    web::Shell,
};

/// Changes with what their pages need.
pub(super) struct List {
    pub path: String,
    pub changes: Vec<Change>,
    me: User,
    now: DateTime<Utc>,
}

impl List {
    pub(super) fn new(member: &Member, changes: Vec<Change>, now: DateTime<Utc>) -> Self {
        Self { path: member.link("/contacts/changes"), changes, me: member.user.clone(), now }
    }

    pub(super) fn people(&self) -> &str {
        self.path.trim_end_matches("/changes")
    }

    /// By whom and when.
    pub(super) fn ordered(&self, change: &Change) -> String {
        let by = change.by.as_deref().unwrap_or("Somebody who left");
        format!("{by}, {}", self.me.date_and_time(change.created_at))
    }

    /// How far it is, in words.
    pub(super) fn so_far(&self, change: &Change) -> String {
        if change.is("undoing") {
            return format!("{} of {}", grouped(change.returned + change.kept), people(change.changed));
        }
        format!("{} of {}", grouped(change.done), people(change.people))
    }

    pub(super) fn can_undo(&self, change: &Change) -> bool {
        change.can_undo(self.now)
    }

    pub(super) fn can_go_on(&self, change: &Change) -> bool {
        change.can_go_on(self.now)
    }

    pub(super) fn until(&self, change: &Change) -> String {
        change.undo_until().map(|at| self.me.date_and_time(at)).unwrap_or_default()
    }

    pub(super) fn means(&self, change: &Change) -> &'static str {
        change.kind().means()
    }

    /// Whether it is done while somebody waits.
    pub(super) fn is_short(&self, change: &Change) -> bool {
        change.people <= AT_ONCE
    }

    /// What is asked before many get back what they had.
    pub(super) fn undo_question(&self, change: &Change) -> String {
        format!("Give {} back what they had? Whoever was changed since stays so.", people(change.changed))
    }
}

#[derive(Template)]
#[template(path = "contacts/changes/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
}

#[derive(Template)]
#[template(path = "contacts/changes/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    /// The list in which people were chosen.
    pub from: String,
    pub list: List,
    pub change: Change,
}

/// How it stands, while it is under way.
#[derive(Template)]
#[template(path = "contacts/changes/show.html", block = "standing")]
pub(super) struct Standing {
    pub from: String,
    pub list: List,
    pub change: Change,
}
