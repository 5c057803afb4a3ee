//! Whom a number counts, as the address of the list describes them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    accounts::user::initials,
    contacts::contact::called,
    web::page::{Cursor, Going},
};

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Delivered,
    Opened,
    Clicked,
    /// Followed one link.
    Link,
    Bounced,
    Unsubscribed,
    Complained,
    Skipped,
    Failed,
    Unknown,
}

/// Each by its key in the address, and what those are called whom it counts.
const ALL: &[(&str, What, &str)] = &[
    ("delivered", What::Delivered, "Got it"),
    ("opened", What::Opened, "Opened it"),
    ("clicked", What::Clicked, "Followed a link"),
    ("link", What::Link, "Followed the link"),
    ("bounced", What::Bounced, "Came back"),
    ("unsubscribed", What::Unsubscribed, "Unsubscribed"),
    ("complained", What::Complained, "Called it spam"),
    ("skipped", What::Skipped, "Left out"),
    ("failed", What::Failed, "Refused by the server"),
    ("unknown", What::Unknown, "Nobody knows whether it arrived"),
];

impl What {
    pub fn key(self) -> &'static str {
        ALL.iter().find(|(_, what, _)| *what == self).map_or("", |(key, ..)| key)
    }

    pub fn title(self) -> &'static str {
        ALL.iter().find(|(_, what, _)| *what == self).map_or("", |(.., title)| title)
    }
}

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PeopleQuery {
    pub what: String,
    pub position: String,
    pub cause: String,
    pub after: String,
    pub before: String,
}

/// What it means.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub what: What,
    pub position: Option<i16>,
    pub cause: Option<String>,
    pub going: Going,
    /// The person before the page, or after it.
    pub from: Option<Uuid>,
}

impl PeopleQuery {
    /// None for a number that there is not.
    pub(super) fn asked(&self) -> Option<Asked> {
        // Nothing said stands for everybody who got it.
        let wanted = if self.what.is_empty() { "delivered" } else { self.what.as_str() };
        let (_, what, _) = ALL.iter().find(|(key, ..)| *key == wanted)?;
        let position = self.position.parse().ok();
        if *what == What::Link && position.is_none() {
            return None;
        }
        let (going, cursor) =
            if self.before.is_empty() { (Going::Forward, &self.after) } else { (Going::Back, &self.before) };
        Some(Asked {
            what: *what,
            position: position.filter(|_| *what == What::Link),
            cause: Some(self.cause.clone()).filter(|cause| !cause.is_empty()),
            going,
            from: Cursor::decode(cursor).map(|cursor| cursor.id),
        })
    }
}

impl Asked {
    /// What describes the list, without the place in it.
    pub(super) fn view(&self) -> String {
        let position = self.position.map(|position| position.to_string()).unwrap_or_default();
        let pairs = [
            ("what", self.what.key()),
            ("position", &position),
            ("cause", self.cause.as_deref().unwrap_or("")),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

/// Somebody whom the number counts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub contact: Uuid,
    pub address: String,
    pub first_name: String,
    pub last_name: String,
    /// Whether they are a contact still.
    pub is_here: bool,
    pub at: Option<DateTime<Utc>>,
    pub detail: String,
}

impl Row {
    pub fn name(&self) -> String {
        called(&self.first_name, &self.last_name, &[&self.address])
    }

    pub fn initials(&self) -> String {
        initials(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_nothing_names_nobody() {
        let asked = |what: &str, position: &str| {
            PeopleQuery { what: what.into(), position: position.into(), ..PeopleQuery::default() }.asked()
        };
        assert!(asked("", "").is_some() && asked("' or 1=1", "").is_none() && asked("link", "x").is_none());
        assert_eq!(asked("link", "3").unwrap().view(), "what=link&position=3");
        assert_eq!(asked("opened", "3").unwrap().view(), "what=opened");
    }
}
