//! What the templates of segments are given.

use askama::Template;

use super::{
    Segment,
    catalogue::Subject,
    matching::Person,
    nodes::{Node, Shape},
    rule::Join,
};
use crate::{
    contacts::{contact::called, uses::Use},
    numbers,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "contacts/segments/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    /// Each with its rule in a sentence.
    pub segments: Vec<(Segment, String)>,
    pub may_edit: bool,
}

/// Whom a rule holds, while it is made.
pub(in crate::contacts) struct Held {
    pub people: i64,
    /// Of all contacts.
    pub all: i64,
    pub reachable: i64,
    pub took_ms: u128,
    pub some: Vec<Person>,
    /// Whether the numbers are about so many: some people were asked for all.
    pub is_about: bool,
}

/// Where everybody is counted, and a name that no such place had before.
pub(in crate::contacts) struct Exactly {
    pub path: String,
    pub key: String,
}

/// The exact number.
#[derive(Template)]
#[template(path = "contacts/segments/count.html")]
pub(super) struct Count {
    pub exactly: Exactly,
    /// Nothing while it waits its turn, and where it took too long.
    pub held: Option<Held>,
    pub waits: bool,
}

pub(super) struct Builder {
    /// Where the form goes when it is saved, and where it is looked at.
    pub save: String,
    pub look: String,
    pub path: String,
    pub name: String,
    pub description: String,
    pub sentence: String,
    pub nodes: Vec<Node>,
    /// What a line can be about, under headings.
    pub subjects: Vec<(&'static str, Vec<Subject>)>,
    /// Nothing while the rule has an error.
    pub held: Option<Held>,
    pub exactly: Exactly,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "contacts/segments/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub title: String,
    pub builder: Builder,
}

#[derive(Template)]
#[template(path = "contacts/segments/look.html")]
pub(super) struct Look {
    pub builder: Builder,
}

/// Why somebody is in a segment or not.
pub(super) struct Why {
    pub whom: String,
    pub path: String,
    pub is_in: bool,
    /// Each line in words, and whether it is true of them.
    pub lines: Vec<(String, bool)>,
}

#[derive(Template)]
#[template(path = "contacts/segments/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub path: String,
    pub segment: Segment,
    pub sentence: String,
    pub refreshed: String,
    pub held: Held,
    pub uses: Vec<Use>,
    pub member: Member,
    pub whom: String,
    pub why: Option<Why>,
    pub may_edit: bool,
}

impl Segment {
    /// "1 person", "12 people".
    fn many(&self) -> String {
        numbers::people(self.people)
    }
}

impl Person {
    pub(in crate::contacts) fn name(&self) -> String {
        called(&self.first_name, &self.last_name, &[&self.company, self.email.as_deref().unwrap_or("")])
    }

    /// What else is known of them, in a line.
    pub(in crate::contacts) fn about(&self) -> String {
        let parts = [self.email.as_deref().unwrap_or(""), &self.company, &self.city];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }
}

impl Held {
    /// "18.5 % of contacts"
    pub(in crate::contacts) fn share(&self) -> String {
        let tenths = if self.all == 0 { 0 } else { self.people * 1000 / self.all };
        format!("{}.{} % of contacts", tenths / 10, tenths % 10)
    }
}
