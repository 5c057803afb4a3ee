//! The way into an organization that does not exist yet.

use super::{Mode, OrgId, OrgTx};
use crate::{audit::Actor, db::Db};

/// A new organization, about to be made. Its id is fresh, so there is nothing in it to see.
pub struct FoundingScope {
    pub org: OrgId,
    founder: Actor,
    db: Db,
}

impl FoundingScope {
    pub fn new(db: Db, founder: Actor) -> Self {
        Self { org: OrgId::new(), founder, db }
    }

    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.org, self.founder.clone(), Mode::Write).await
    }
}
