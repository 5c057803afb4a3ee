//! What is done to many people at once: a tag, a list, an owner, a stage, out of the way and back.
//!
//! Always true: whom it is about is settled when it is ordered, however the list changes afterwards; up to a
//! thousand people are changed in the request, more in the background, a thousand in a transaction; what each had
//! before is kept for a day, and taking it back leaves alone whoever was changed since; the log has one line of it,
//! with counts.
//!
//! - [`kind`]: what can be done, and its words
//! - [`ordering`]: whom, what, and whether to ask first
//! - [`doing`]: the change itself, some people at a time, and back
//! - [`work`]: all of them, in the request or in the background
//! - [`routes`]: the page of changes

mod doing;
pub mod kind;
pub mod ordering;
mod queries;
pub mod routes;
mod views;
pub mod work;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use kind::Kind;

use crate::{numbers::people, tenancy::OrgTx};

crate::id!(
    /// Something that is done to many at once.
    ChangeId
);

/// How long it can be taken back.
pub const KEPT: TimeDelta = TimeDelta::days(1);
/// Up to so many are changed while somebody waits.
pub const AT_ONCE: i64 = 1_000;
/// More are changed only when somebody read how many they are.
pub const UNASKED: i64 = 100;

/// A change, and how far it is.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: ChangeId,
    pub kind: String,
    pub target: String,
    pub target_name: String,
    pub status: String,
    pub people: i64,
    pub done: i64,
    pub changed: i64,
    pub returned: i64,
    pub kept: i64,
    /// Where the work goes on: the next thousand, and, on the way back, the last one who was reached.
    pub piece: i32,
    pub after_contact: Option<Uuid>,
    pub last_error: String,
    pub created_by: Option<Uuid>,
    /// Who ordered it, by name.
    pub by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Change {
    pub fn is(&self, status: &str) -> bool {
        self.status == status
    }

    pub fn kind(&self) -> Kind {
        Kind::called(&self.kind).unwrap_or(Kind::Restore)
    }

    /// Whether a job is at it.
    pub fn is_moving(&self) -> bool {
        self.is("running") || self.is("undoing")
    }

    /// Tone and words of how it stands.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.status.as_str() {
            "asked" => ("plain", "Not begun"),
            "running" => ("info", "Under way"),
            "undoing" => ("info", "Being undone"),
            "failed" | "undo_failed" => ("bad", "Failed"),
            "stopped" => ("warn", "Stopped"),
            "undone" => ("plain", "Undone"),
            _ => ("ok", "Done"),
        }
    }

    /// Until when it can be taken back; nothing where there is nothing to take back.
    pub fn undo_until(&self) -> Option<DateTime<Utc>> {
        let is_resting = ["done", "stopped", "failed", "undo_failed"].iter().any(|status| self.is(status));
        self.finished_at.filter(|_| is_resting && self.changed > 0).map(|at| at + KEPT)
    }

    pub fn can_undo(&self, now: DateTime<Utc>) -> bool {
        self.undo_until().is_some_and(|until| until > now)
    }

    /// Whether it can begin, or go on: what it needs for that is kept for a day.
    pub fn can_go_on(&self, now: DateTime<Utc>) -> bool {
        !self.is_moving() && self.finished_at.unwrap_or(self.created_at) + KEPT > now
    }

    /// How much of it is done, in percent.
    pub fn percent(&self) -> i64 {
        let (done, all) = match self.is("undoing") {
            true => (self.returned + self.kept, self.changed),
            false => (self.done, self.people),
        };
        if all == 0 { 0 } else { (done * 100 / all).min(99) }
    }

    /// "120 people".
    pub fn whom(&self) -> String {
        people(self.people)
    }

    /// What it is called: "Set the stage of 120 people to “Customer”".
    pub fn title(&self) -> String {
        self.kind().title(&people(self.people), &self.target_name)
    }

    /// What was done, in a sentence or two.
    pub fn said(&self) -> String {
        let said = self.kind().said(&people(self.changed), &self.target_name);
        match self.changed < self.done {
            true => format!("{said} {}", self.kind().others()),
            false => said,
        }
    }

    /// What was taken back, in a sentence or two.
    pub fn undone(&self) -> String {
        let are = if self.returned == 1 { "is" } else { "are" };
        let said = format!("Undone: {} {are} as before.", people(self.returned));
        match self.kept {
            0 => said,
            1 => format!("{said} 1 person was changed since and stays so."),
            kept => format!("{said} {} were changed since and stay so.", people(kept)),
        }
    }
}

/// What a change did, in a sentence or two.
pub async fn said(tx: &mut OrgTx, id: ChangeId) -> sqlx::Result<Option<String>> {
    Ok(queries::find(tx, id).await?.map(|change| change.said()))
}
