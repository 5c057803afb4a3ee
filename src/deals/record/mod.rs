//! The page of one deal: what is known of it, who it is about, notes, and how it went from stage to stage.

mod facts;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use routes::{page, wrong};

/// What was typed and is wrong, and in which part of the page; also what is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble {
    /// The name of a fact, `note`, or the id of a note.
    pub open: String,
    pub typed: facts::FactForm,
    pub note: String,
    /// Part of a name or address of somebody to add.
    pub find: String,
    pub errors: crate::web::FieldErrors,
}

/// A line of a deal's history.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    pub from: Option<String>,
    pub to: String,
    pub reason: String,
    pub by: Option<String>,
    pub moved_at: DateTime<Utc>,
    /// How long it was in that stage, or has been.
    pub stayed: TimeDelta,
}
