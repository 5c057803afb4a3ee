//! Erasing somebody: asked for by typing their address, done by a job in one transaction, told by a report.

mod queries;
pub mod reapply;
pub mod routes;
mod views;
pub mod work;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    jobs::{self, Failure, Order},
    personal::{Held, held::Fate},
    tenancy::OrgTx,
};
use work::EraseContact;

crate::id!(
    /// Somebody who was erased, or is to be.
    ErasureId
);

/// An erasure, and how far it is.
#[derive(Clone, Debug)]
pub struct Erasure {
    pub id: ErasureId,
    pub contact: Uuid,
    pub status: String,
    pub cause: String,
    /// In hexadecimal, separated by blanks.
    pub hashes: String,
    /// Who asked for it; empty where a rule did, or for somebody who is not known any more.
    pub requested_by: String,
    pub requested_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub report: serde_json::Value,
    pub last_error: String,
    pub next_try_at: Option<DateTime<Utc>>,
}

impl Erasure {
    pub fn is(&self, status: &str) -> bool {
        self.status == status
    }

    /// Tone and words of how it stands.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.status.as_str() {
            "done" => ("ok", "Erased"),
            "failed" => ("bad", "Failed"),
            "waiting" => ("info", "Waiting"),
            _ => ("info", "At work"),
        }
    }

    pub fn lines(&self) -> Vec<Line> {
        serde_json::from_value(self.report.clone()).unwrap_or_default()
    }

    /// Rows that it took away or blanked.
    pub fn rows(&self) -> u64 {
        self.lines().iter().map(|line| line.rows).sum()
    }

    /// How the report calls it.
    pub fn number(&self) -> String {
        self.id.to_string().chars().skip(24).collect()
    }

    pub fn cause_words(&self) -> &'static str {
        match self.cause.as_str() {
            "retention" => "A rule about what is kept for how long",
            "backup" => "They had come back with a backup",
            _ => "Somebody asked for it",
        }
    }
}

/// What was done to one table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    pub table: String,
    /// In words, as they were then.
    pub words: String,
    /// `deleted`, `blanked` or `kept`.
    pub fate: String,
    pub then: String,
    pub rows: u64,
}

impl Line {
    fn of(held: &Held, rows: u64) -> Self {
        let fate = match held.fate {
            Fate::Deleted => "deleted",
            Fate::Blanked => "blanked",
            Fate::Kept(_) => "kept",
        };
        let then = match held.fate {
            Fate::Kept(why) => why,
            _ => held.then,
        };
        Self {
            table: held.table.to_owned(),
            words: held.words.to_owned(),
            fate: fate.to_owned(),
            then: then.to_owned(),
            rows,
        }
    }
}

/// The erasure of somebody that is not done yet.
pub(super) async fn open(tx: &mut OrgTx, contact: Uuid) -> sqlx::Result<Option<ErasureId>> {
    queries::open(tx, contact).await
}

/// Asks for somebody to be erased, and orders the work. The one that is open already when there is one.
pub(super) async fn ask(
    tx: &mut OrgTx,
    contact: Uuid,
    (cause, by): (&str, Option<Uuid>),
    now: DateTime<Utc>,
) -> Result<ErasureId, Failure> {
    if let Some(open) = queries::open(tx, contact).await? {
        return Ok(open);
    }
    let id = ErasureId::new();
    queries::insert(tx, (id, contact), (cause, by), now).await?;
    order(tx, id, by).await?;
    Ok(id)
}

async fn order(tx: &mut OrgTx, id: ErasureId, by: Option<Uuid>) -> Result<(), Failure> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), requested_by: by, ..Order::default() };
    jobs::enqueue(tx.conn(), org, &EraseContact { erasure: id.0 }, order).await?;
    Ok(())
}

/// The newest erasures.
pub(super) async fn recent(tx: &mut OrgTx) -> sqlx::Result<Vec<Erasure>> {
    queries::recent(tx).await
}
