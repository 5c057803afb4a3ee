//! Coming into a workspace to help its people: for a while, with a written reason, in their sight.
//!
//! A grant is a row of the workspace that is looked at. `app.user_organizations` lets its person in while it
//! lasts and they may give support; every page says so; the workspace's own log has its beginning, its end
//! and everything between; its owners see it and may end it.
//!
//! - [`routes`]: beginning and ending it, for the support
//! - [`visits`]: who was here, for the people of a workspace
//! - [`expiry`]: writing down that one ended by itself

pub mod expiry;
mod queries;
pub mod routes;
mod views;
pub mod visits;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{tenancy::OrgTx, web::FieldErrors};

/// How long somebody may ask for: minutes, and the same in words.
pub const DURATIONS: &[(&str, &str)] = &[
    ("15", "15 minutes"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("480", "8 hours"),
];
const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 1000;

/// Somebody of the support in a workspace.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub user_name: String,
    pub reason: String,
    pub is_read_only: bool,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: String,
}

impl Grant {
    pub fn lasts(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }

    /// What the log says of it.
    fn state(&self) -> Value {
        json!({ "until": self.ends_at, "can_change_things": !self.is_read_only, "ended": self.ended_at })
    }
}

/// What somebody of the support asks for, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SupportForm {
    pub reason: String,
    pub minutes: String,
    pub may_change: Option<String>,
}

/// The same, ready to be granted.
#[derive(Clone, Debug)]
pub struct Asked {
    reason: String,
    lasts: TimeDelta,
    is_read_only: bool,
}

impl SupportForm {
    /// What to grant, or what to tell the person who asked.
    pub fn check(&self) -> Result<Asked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let reason = self.reason.trim();
        if !(SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
            errors.add("reason", "Say in 10 to 1000 characters why. The people of the workspace read it.");
        }
        let known = DURATIONS.iter().find(|(minutes, _)| *minutes == self.minutes);
        let minutes = known.and_then(|(minutes, _)| minutes.parse().ok());
        if minutes.is_none() {
            errors.add("minutes", "Choose how long it takes.");
        }
        match minutes.map(TimeDelta::minutes).filter(|_| errors.is_empty()) {
            Some(lasts) => {
                Ok(Asked { reason: reason.to_owned(), lasts, is_read_only: self.may_change.is_none() })
            }
            None => Err(errors),
        }
    }
}

/// Ends the grant now, on behalf of `by`. `None` when it does not last any more, or never was.
async fn end(tx: &mut OrgTx, id: Uuid, by: &str, now: DateTime<Utc>) -> sqlx::Result<Option<Grant>> {
    if !queries::end(tx, id, by, now).await? {
        return Ok(None);
    }
    queries::find(tx, id).await
}
