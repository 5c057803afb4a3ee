//! The SQL of what cells mean.

use chrono::{DateTime, Utc};

use super::Meanings;
use crate::{contacts::imports::ImportId, tenancy::OrgTx};

/// Keeps what cells mean, and sets the file to be looked at anew. `false` when it is past that.
pub(super) async fn decide(
    tx: &mut OrgTx,
    id: ImportId,
    meanings: &Meanings,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update imports
            set status = 'checking', meanings = $3, unknown = '{}', checked = null, offset_bytes = 0, lines_done = 0,
                last_error = '', updated_at = $4
          where organization_id = $1 and id = $2 and status in ('ready', 'matching', 'failed') and started_at is null",
        org,
        id as ImportId,
        serde_json::json!(meanings),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
