//! A transaction inside one organization.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};

use super::OrgId;
use crate::{
    audit::{self, Actor, Entry},
    db::{Db, trouble::is_too_slow},
};

/// Whether a transaction may change anything. PostgreSQL itself refuses writes in [`Mode::Read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
    /// Writes by statements that are planned once and not anew for the values of each time: they must be good
    /// for all of them, by a key that finds each row.
    Often,
}

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    Now,
    /// Others see it at once and it outlives this process; if PostgreSQL itself falls, the last fraction of a
    /// second may be missing.
    Soon,
}

/// A transaction inside one organization: it can neither see nor touch another's rows.
///
/// Dropping it without [`OrgTx::commit`] rolls it back.
pub struct OrgTx {
    org: OrgId,
    actor: Actor,
    mode: Mode,
    tx: Transaction<'static, Postgres>,
}

impl OrgTx {
    /// Private to this module's parent on purpose: outside it, only a scope gives out an `OrgTx`.
    pub(super) async fn enter(db: &Db, org: OrgId, actor: Actor, mode: Mode) -> sqlx::Result<Self> {
        let tx = db.begin_with(begin(org, mode)).await?;
        Ok(Self { org, actor, mode, tx })
    }

    /// The organization this transaction is inside. Every statement on a tenant table binds it: the
    /// planner then knows the tenant, and row security is the second wall instead of the only one.
    pub fn org(&self) -> uuid::Uuid {
        self.org.0
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Who is at work in it.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Writes into the organization's audit log, with what it tells about or not at all. The last
    /// statement before [`OrgTx::commit`]: others wait for the end of the log meanwhile.
    pub async fn record(&mut self, entry: Entry, now: DateTime<Utc>) -> sqlx::Result<()> {
        audit::append(&mut self.tx, self.org.0, &self.actor, &entry, now).await
    }

    /// Statements from here on may take so long each.
    pub(super) async fn be_patient(&mut self, patience: Duration) -> sqlx::Result<()> {
        let statement = format!("set local statement_timeout = {}", patience.as_millis());
        Db::go_on_with(self.conn(), statement).await
    }

    /// What is asked from here on may take so long. What comes of it goes through [`OrgTx::in_time`].
    pub async fn within(&mut self, patience: Duration) -> sqlx::Result<()> {
        let limit = patience.as_millis();
        let statements = format!("savepoint patience; set local statement_timeout = {limit}");
        Db::go_on_with(self.conn(), statements).await
    }

    /// What came of it; nothing where it took too long, and then as if it had never been asked.
    pub async fn in_time<T>(&mut self, came: sqlx::Result<T>) -> sqlx::Result<Option<T>> {
        if came.as_ref().is_err_and(is_too_slow) {
            Db::go_on_with(self.conn(), "rollback to patience; release patience".to_owned()).await?;
            return Ok(None);
        }
        let came = came?;
        let statements = "release patience; set local statement_timeout to default";
        Db::go_on_with(self.conn(), statements.to_owned()).await?;
        Ok(Some(came))
    }

    /// Whether what is asked from here on is found by bitmaps of indexes alone: for a search whose few rows may stand
    /// at the end of any walk.
    pub async fn read_by_bitmaps(&mut self, alone: bool) -> sqlx::Result<()> {
        let others = ["seqscan", "indexscan", "indexonlyscan"];
        let to = if alone { "off" } else { "default" };
        let statements: String = others.map(|one| format!("set local enable_{one} to {to};")).concat();
        Db::go_on_with(self.conn(), statements).await
    }

    pub async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }

    /// Commits, and begins the next one of the same kind on the same connection, in one round trip: for what is
    /// done many times a second. Whoever waits in between for long gives it back by [`OrgTx::commit`].
    pub async fn commit_and_go_on(mut self, commit: Commit) -> sqlx::Result<Self> {
        let commit = match commit {
            Commit::Now => "commit",
            Commit::Soon => "set local synchronous_commit = off; commit",
        };
        let statements = format!("{commit}; {}", begin(self.org, self.mode));
        Db::go_on_with(self.conn(), statements).await?;
        Ok(self)
    }
}

/// SET LOCAL, not set_config(): it ends with the transaction and reaches the nodes of a cluster.
fn begin(org: OrgId, mode: Mode) -> String {
    let begin = match mode {
        Mode::Read => "begin read only",
        Mode::Write => "begin",
        Mode::Often => "begin; set local plan_cache_mode = force_generic_plan",
    };
    // An OrgId is a uuid, so there is nothing in it to escape.
    format!("{begin}; set local app.current_organization_id = '{org}'")
}
