//! Taking an import back: those it added go, those it changed get back what they had, as long as nobody touched
//! them since.

mod queries;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ImportId, Undone, work::PATIENCE};
use crate::{
    contacts::identities,
    jobs::{AtWork, Failure, Job},
    tenancy::JobScope,
    web::App,
};

/// People of one transaction.
const BATCH: i32 = 5_000;

/// Takes an import back.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoImport {
    pub import: Uuid,
}

impl Job for UndoImport {
    const KIND: &'static str = "contacts.undo_import";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let id = ImportId(self.import);
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        loop {
            let mut tx = scope.enter().await?;
            at_work.still_ours(tx.conn()).await?;
            let now = app.clock.now();
            let restored = queries::restore(&mut tx, id, i64::from(BATCH), now).await?;
            queries::forget_external(&mut tx, id, &restored).await?;
            identities::step::follow(&mut tx, &restored, now).await?;
            let removed = queries::remove_added(&mut tx, id, BATCH).await?;
            if restored.is_empty() && removed == 0 {
                queries::leave_list(&mut tx, id).await?;
                queries::take_tag_off(&mut tx, id).await?;
                let undone: Undone = queries::undone_so_far(&mut tx, id).await?;
                queries::undone(&mut tx, id, undone, now).await?;
                tx.commit().await?;
                return Ok(());
            }
            tx.commit().await?;
        }
    }
}
