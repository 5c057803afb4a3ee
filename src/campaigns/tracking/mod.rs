//! Opened mail and followed links: the picture and the redirect, and what is kept of them.
//!
//! A hit asks the database for nothing. It goes into memory, and a task writes it down together with others
//! (`flusher`): an event for each, and the counts of the recipient and the link for those of people. Who asks,
//! a person or a machine, is settled when it is written down; machines are kept in the log of events and left
//! out of every count. Always true: a link leads where its broadcast said and nowhere else; nothing is dropped
//! because there is too much of it.
//!
//! - [`agent`], [`verdict`]: telling people from machines
//! - [`happened`]: what others may listen for
//! - [`routes`]: `/o/{token}` and `/c/{token}`

pub mod agent;
mod flusher;
pub mod happened;
pub(super) mod links;
mod queries;
pub mod routes;
pub mod verdict;
mod writing;

use chrono::{DateTime, Utc};

pub use agent::Agent;
use flusher::Flusher;

use super::tokens::Addressee;
use crate::web::App;

/// What somebody did with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Opened,
    /// Followed the link at this position.
    Clicked(u16),
}

/// Somebody, or something, did this with that mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub to: Addressee,
    pub what: What,
    pub by: Agent,
    pub at: DateTime<Utc>,
}

/// Takes note of it: at once where `GROUNDSWELL_TRACKING` is `durable`; otherwise it is written within 20 ms, or
/// when there is room for it.
pub async fn record(app: &App, hit: Hit) {
    app.memory.of::<Flusher>().take(app, hit).await;
}

/// Waits until all that was noted before is written.
pub async fn flush(app: &App) {
    app.memory.of::<Flusher>().flush().await;
}

/// Writes these at once, in the caller's own time: for what lies in the past.
pub async fn write(app: &App, hits: &[Hit]) {
    flusher::write(app, hits, &mut verdict::Recent::default()).await;
}
