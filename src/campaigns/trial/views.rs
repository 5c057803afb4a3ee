//! What the pages of trials are given.

use askama::Template;
use uuid::Uuid;

use super::{
    Sent, Tried,
    preview::{Person, PreviewQuery},
};
use crate::{
    campaigns::Broadcast,
    contacts::found::Found,
    web::{FieldErrors, Shell},
};

/// The form for a trial, and what became of those before.
pub struct Trials {
    pub typed: String,
    pub sent: Vec<Sent>,
    /// Whether there is mail in the built-in mailbox that whoever looks may read.
    pub has_mail: bool,
}

impl Trials {
    /// Whether one is under way, so that the page looks again.
    pub fn is_moving(&self) -> bool {
        self.sent.iter().any(|one| ["waiting", "running"].contains(&one.status.as_str()))
    }
}

impl Sent {
    /// The tone and the words of how it stands.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.status.as_str() {
            "done" => ("ok", "Sent"),
            "failed" | "cancelled" => ("bad", "Not sent"),
            _ if !self.last_error.is_empty() => ("warn", "Tried, and tried again soon"),
            _ => ("info", "On its way"),
        }
    }
}

#[derive(Template)]
#[template(path = "campaigns/preview.html")]
pub(super) struct Preview {
    pub shell: Shell,
    pub path: String,
    pub broadcast: Broadcast,
    /// Id and words of the sender.
    pub from: Option<(String, String)>,
    pub query: PreviewQuery,
    pub person: Person,
    pub before: Option<Uuid>,
    pub after: Option<Uuid>,
    pub people: Vec<Found>,
    pub may_see_people: bool,
    pub may_edit: bool,
    pub tried: Tried,
    pub trials: Trials,
}

impl Preview {
    fn with(&self, person: &str, view: &str) -> String {
        format!("{}/preview?as={person}&view={view}", self.path)
    }

    fn seen_as(&self, person: &Uuid) -> String {
        self.with(&person.to_string(), &self.query.view)
    }

    fn sample(&self, key: &str) -> String {
        self.with(key, &self.query.view)
    }

    fn viewing(&self, view: &str) -> String {
        self.with(&self.person.key, view)
    }

    fn canvas(&self) -> String {
        format!("{}/canvas?as={}&view={}", self.path, self.person.key, self.query.view)
    }

    fn subject(&self) -> &str {
        self.tried.as_ref().map_or(&self.broadcast.subject, |written| &written.subject)
    }
}

#[derive(Template)]
#[template(path = "campaigns/test.html")]
pub(super) struct Test {
    pub shell: Shell,
    pub path: String,
    pub name: String,
    pub person: String,
    pub trials: Trials,
    pub errors: FieldErrors,
}
