//! Contacts that may be one person: pairs with reasons and a score, found by a look at everybody once a day or when
//! somebody asks, for a person to merge or to say that they are two.
//!
//! Always true: a pair that somebody said are two is not shown again; who is archived or became part of somebody is in
//! no pair; what more than twenty people share is no reason, and the page says so.
//!
//! - [`look`]: the jobs that look
//! - `routes`, `views`: the pairs, and saying that they are two

pub mod look;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{ContactId, called};
use crate::tenancy::OrgTx;

/// Why two may be one: key, what they share in words, how much that says.
const REASONS: &[(&str, &str, i32)] = &[
    ("email", "The same e-mail address but for dots or a tag", 60),
    ("code", "The same customer number", 60),
    ("phone", "The same phone number", 50),
    ("place", "The same name and address", 50),
    ("company", "The same name and company", 40),
];

/// What two have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub why: String,
    pub value: String,
}

impl Reason {
    pub fn words(&self) -> &str {
        REASONS.iter().find(|(key, ..)| *key == self.why).map_or(&self.why, |(_, words, _)| words)
    }
}

/// What so many share that it says nothing of any two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    pub why: String,
    pub value: String,
    pub people: i64,
}

impl Crowd {
    pub fn words(&self) -> String {
        let reason = Reason { why: self.why.clone(), value: String::new() };
        format!("{}: {} people, {}", reason.words(), self.people, self.value)
    }
}

/// One of a pair.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: ContactId,
    pub name: String,
    /// What is known beside the name.
    pub beside: String,
    pub created_at: DateTime<Utc>,
}

/// Two who may be one.
#[derive(Clone, Debug)]
pub struct Pair {
    pub low: Person,
    pub high: Person,
    pub score: i16,
    pub reasons: Vec<Reason>,
}

impl Pair {
    pub fn why(&self) -> String {
        self.reasons.iter().map(Reason::words).collect::<Vec<_>>().join(" · ")
    }

    /// How likely it is, as a tone and in words.
    pub fn likely(&self) -> (&'static str, &'static str) {
        match self.score {
            80.. => ("bad", "Very likely"),
            55.. => ("warn", "Likely"),
            _ => ("plain", "Possible"),
        }
    }

    /// The other one, for the page of this one.
    pub fn other(&self, than: &ContactId) -> &Person {
        if self.low.id == *than { &self.high } else { &self.low }
    }

    pub fn both(&self) -> [&Person; 2] {
        [&self.low, &self.high]
    }
}

/// How the last look went.
#[derive(Clone, Debug)]
pub struct Look {
    pub status: String,
    pub crowds: Vec<Crowd>,
    pub last_error: String,
    pub ordered_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A row of a pair, as it is read.
struct Read {
    low_id: Uuid,
    high_id: Uuid,
    score: i16,
    reasons: serde_json::Value,
    low: Vec<String>,
    high: Vec<String>,
    low_created_at: DateTime<Utc>,
    high_created_at: DateTime<Utc>,
}

impl From<Read> for Pair {
    fn from(row: Read) -> Self {
        let person = |id: Uuid, known: &[String], created_at| {
            let of = |at: usize| known.get(at).map_or("", String::as_str);
            let name = called(of(0), of(1), &[of(2), of(3), of(4)]);
            let all = [of(2), of(3), of(4), of(5)].into_iter().filter(|one| !one.is_empty() && *one != name);
            Person { id: id.into(), beside: all.collect::<Vec<_>>().join(" · "), name, created_at }
        };
        Self {
            low: person(row.low_id, &row.low, row.low_created_at),
            high: person(row.high_id, &row.high, row.high_created_at),
            score: row.score,
            reasons: serde_json::from_value(row.reasons).unwrap_or_default(),
        }
    }
}

/// How many pairs there are to look at; not counted beyond a hundred.
pub async fn count(tx: &mut OrgTx) -> sqlx::Result<i64> {
    queries::count(tx).await
}

/// Who may be the same as this one.
pub async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Pair>> {
    queries::pairs(tx, Some(contact), 5).await
}
