//! What the templates of merging are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::fields::{Row, Side};
use crate::{
    accounts::User,
    contacts::{Contact, found::Found},
    web::Shell,
};

#[derive(Template)]
#[template(path = "contacts/merging/pick.html")]
pub(super) struct Pick {
    pub shell: Shell,
    pub path: String,
    pub contact: Contact,
    pub q: String,
    pub found: Vec<Found>,
}

impl Pick {
    /// What is known beside the name.
    fn beside(&self, row: &Found) -> String {
        let name = row.name();
        let all = [row.company.as_str(), row.email(), row.phone.as_str()];
        all.into_iter().filter(|one| !one.is_empty() && *one != name).collect::<Vec<_>>().join(" · ")
    }
}

/// One of the two, as it stands on top.
pub(super) struct Head {
    pub side: Side,
    pub id: String,
    pub name: String,
    pub beside: String,
    pub added: DateTime<Utc>,
    /// Whether they may be written to, in a word and as a tone.
    pub standing: (&'static str, &'static str),
}

impl Head {
    pub(super) fn new(side: Side, contact: &Contact, standing: (&'static str, &'static str)) -> Self {
        let name = contact.name();
        let all = [contact.company.as_str(), contact.value("email"), contact.phone.as_str()];
        let beside =
            all.into_iter().filter(|one| !one.is_empty() && *one != name).collect::<Vec<_>>().join(" · ");
        Self { side, id: contact.id.to_string(), name, beside, added: contact.created_at, standing }
    }
}

#[derive(Template)]
#[template(path = "contacts/merging/look.html")]
pub(super) struct Look {
    pub shell: Shell,
    pub path: String,
    pub heads: [Head; 2],
    pub stays: Side,
    pub rows: Vec<Row>,
    /// What goes along: words, and how many of it each has.
    pub carried: Vec<(&'static str, i64, i64)>,
    pub seen: String,
    pub me: User,
}

impl Look {
    fn action(&self) -> String {
        let [one, other] = &self.heads;
        format!("{}/{}/merge/{}", self.path, one.id, other.id)
    }

    fn when(&self, at: DateTime<Utc>) -> String {
        self.me.date(at)
    }

    /// Both choices of a field: which side, what it holds, and whether that is chosen.
    fn choices<'a>(&self, row: &'a Row) -> [(Side, &'a str, bool); 2] {
        [Side::One, Side::Other]
            .map(|side| (side, side.of((row.one.as_str(), row.other.as_str())), row.chosen == side))
    }
}
