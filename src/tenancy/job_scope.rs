//! The way the machine gets at tenant rows: for work that names its organization.

use std::time::Duration;

use super::{Mode, OrgId, OrgTx};
use crate::{audit::Actor, db::Db};

/// One organization, entered by the machine on its behalf.
///
/// Made from the row that holds the work, never from what a visitor sent.
pub struct JobScope {
    org: OrgId,
    /// What is at work, as `domain.verb`: the actor in every record of it.
    actor: &'static str,
    db: Db,
}

impl JobScope {
    pub fn new(db: Db, org: OrgId, actor: &'static str) -> Self {
        Self { org, actor, db }
    }

    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.org, Actor::machine(self.actor), Mode::Write).await
    }

    /// The same for what is done many times a second: see [`Mode::Often`].
    pub async fn enter_often(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.org, Actor::machine(self.actor), Mode::Often).await
    }

    /// A transaction whose statements may take so long each: for work over everybody, which pages may not do.
    pub async fn enter_patiently(&self, patience: Duration) -> sqlx::Result<OrgTx> {
        let mut tx = self.enter().await?;
        tx.be_patient(patience).await?;
        Ok(tx)
    }
}
