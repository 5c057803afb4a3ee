//! The ledger of what is on its way: one row for each message to one person.
//!
//! Owns `channel_outbox`. Always true: a message that was asked for twice is there once; what is handed to
//! a server was written down as such before; what may have been delivered is never sent again by itself; an
//! address that is suppressed, or whose owner has opted out, is refused at the last moment, whoever asks.
//!
//! The way of a row: [`claim`](queries::claim) → `hand_over`, committed right before the server is given the
//! end of the message → `settle`. A run has a name of its own, its holder: what a run does that lost its rows
//! to another is refused. Measured with a kill of the process every second: none lost, none doubled.
//!
//! - [`arrived`]: what is heard later of a message whose fate was not known
//! - [`ledger`]: many connections, one transaction at a time
//! - [`personal`]: what it holds of a person
//! - [`settlement`]: what a server's answer makes of a row
//! - [`unknown`]: what a person decides about messages that may have arrived

pub mod arrived;
pub mod ledger;
pub mod personal;
mod queries;
pub mod settlement;
pub mod unknown;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use ledger::{Go, Ledger};
pub use settlement::{Settled, Settlement};

use crate::{contacts::consent::TopicId, tenancy::OrgTx};

/// What a run sends: all rows of one source, under its own name.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub source: Uuid,
    pub holder: Uuid,
    /// What the mail is about: somebody may have stopped hearing about it.
    pub topic: Option<TopicId>,
}

/// A row that a run has claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claimed {
    pub subject: Uuid,
    /// How often it was tried before.
    pub attempts: i16,
}

/// What a run finds left behind by those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Claimed and not begun: they are scheduled again.
    pub scheduled: u64,
    /// Handed over without an answer that anybody knows: nobody sends them again by themselves.
    pub unknown: u64,
}

/// Takes over from runs that ended in the middle, and ends one: nothing is in the air then. Nobody else may be
/// at work on this source.
pub async fn take_back(tx: &mut OrgTx, run: Run, now: DateTime<Utc>) -> sqlx::Result<TakenBack> {
    let unknown = queries::doubt(tx, run, now).await?;
    let scheduled = queries::release(tx, run).await?;
    Ok(TakenBack { scheduled, unknown })
}

/// Claims the next rows that are due, in the order of their subjects.
pub async fn claim(
    tx: &mut OrgTx,
    run: Run,
    after: Uuid,
    (limit, now): (i64, DateTime<Utc>),
) -> sqlx::Result<Vec<Claimed>> {
    queries::claim(tx, run, after, (limit, now)).await
}

/// When the next row is due that waits still; `None` when none waits.
pub async fn next_due(tx: &mut OrgTx, source: Uuid) -> sqlx::Result<Option<DateTime<Utc>>> {
    queries::next_due(tx, source).await
}

/// Calls off whatever has not begun, and says how many that were.
pub async fn cancel(tx: &mut OrgTx, source: Uuid, now: DateTime<Utc>) -> sqlx::Result<u64> {
    queries::cancel(tx, source, now).await
}
