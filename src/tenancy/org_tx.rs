//! A transaction inside one organization.

use sqlx::{PgConnection, Postgres, Transaction};

use super::OrgId;
use crate::db::Db;

/// Whether a transaction may change anything. PostgreSQL itself refuses writes in [`Mode::Read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// A transaction inside one organization: it can neither see nor touch another's rows.
///
/// Dropping it without [`OrgTx::commit`] rolls it back.
pub struct OrgTx {
    org: OrgId,
    tx: Transaction<'static, Postgres>,
}

impl OrgTx {
    /// Private to this module's parent on purpose: outside it, only a scope gives out an `OrgTx`.
    pub(super) async fn enter(db: &Db, org: OrgId, mode: Mode) -> sqlx::Result<Self> {
        let begin = match mode {
            Mode::Read => "begin read only",
            Mode::Write => "begin",
        };
        // SET LOCAL, not set_config(): it ends with the transaction and reaches the nodes of a cluster.
        // An OrgId is a uuid, so there is nothing in it to escape.
        let tx = db.begin_with(format!("{begin}; set local app.current_organization_id = '{org}'")).await?;
        Ok(Self { org, tx })
    }

    /// The organization this transaction is inside. Every statement on a tenant table binds it: the
    /// planner then knows the tenant, and row security is the second wall instead of the only one.
    pub fn org(&self) -> uuid::Uuid {
        self.org.0
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }
}
