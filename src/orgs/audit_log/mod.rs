//! The page of who changed what: the organization's audit log, to read, to search and to take along.
//!
//! Only reads what `audit` has written.

mod csv;
mod difference;
mod filter;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line {
    pub seq: i64,
    pub occurred_at: DateTime<Utc>,
    pub actor_kind: String,
    pub actor_name: String,
    pub action: String,
    pub outcome: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub subject_name: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: String,
    pub address: String,
    pub request_id: String,
}

impl Line {
    /// `members.role_changed` as people say it: “Members role changed”.
    pub fn words(&self) -> String {
        let plain = self.action.replace(['.', '_'], " ");
        let mut letters = plain.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    pub fn was_denied(&self) -> bool {
        self.outcome == "denied"
    }

    /// What changed, field by field.
    pub fn differences(&self) -> Vec<difference::Field> {
        difference::of(self.before.as_ref(), self.after.as_ref())
    }
}
