//! The way into an organization that does not exist yet.

use super::{Mode, OrgId, OrgTx};
use crate::db::Db;

/// A new organization, about to be made. Its id is fresh, so there is nothing in it to see.
pub struct FoundingScope {
    pub org: OrgId,
    db: Db,
}

impl FoundingScope {
    pub fn new(db: Db) -> Self {
        Self { org: OrgId::new(), db }
    }

    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.org, Mode::Write).await
    }
}
