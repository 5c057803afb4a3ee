//! A view of the contacts as a file: ordered, written in the background, kept for a week.
//!
//! Always true: a file holds whom the view held when each part of it was written, everybody once, in the order in
//! which they came; it is read by those who may export only, and who ordered and who fetched it stands in the audit
//! log; an import of one with all columns changes nothing.
//!
//! - [`sheet`]: the columns, and a contact as a line
//! - [`work`]: the job that writes, and the one that forgets

mod queries;
pub mod routes;
mod sheet;
mod views;
pub mod work;

use chrono::{DateTime, TimeDelta, Utc};

use crate::numbers;

crate::id!(
    /// A view of the contacts as a file.
    ExportId
);

/// How long a file is kept.
pub const KEPT: TimeDelta = TimeDelta::days(7);

/// A file, and how far it is.
#[derive(Clone, Debug)]
pub struct Export {
    pub id: ExportId,
    pub status: String,
    /// The query part of the address of the list.
    pub view: String,
    /// Whether it has the columns of the list and no others: such a file is for reading, the other for an import too.
    pub has_view_columns: bool,
    /// How many the view held when it was ordered; not counted beyond a hundred thousand.
    pub people: i64,
    pub done: i64,
    pub size_bytes: i64,
    pub last_error: String,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Export {
    pub fn is(&self, status: &str) -> bool {
        self.status == status
    }

    /// Tone and words of how it stands.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.status.as_str() {
            "running" => ("info", "Being written"),
            "done" => ("ok", "Ready"),
            "failed" => ("bad", "Failed"),
            "cancelled" => ("plain", "Stopped"),
            _ => ("plain", "Gone"),
        }
    }

    /// How many people are written.
    pub fn many(&self) -> String {
        numbers::people(self.done)
    }

    /// How much of it is written, in percent.
    pub fn percent(&self) -> i64 {
        if self.people == 0 { 0 } else { (self.done * 100 / self.people).min(99) }
    }
}
