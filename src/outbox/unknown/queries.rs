//! The SQL of what nobody knows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::tenancy::OrgTx;

pub(super) async fn treat_as_sent(tx: &mut OrgTx, source: Uuid, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox set status = 'sent', settled_at = $3, holder = null, reason = 'decided'
          where organization_id = $1 and source_id = $2 and status = 'unknown'",
        org,
        source,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn send_again(tx: &mut OrgTx, source: Uuid, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox
            set status = 'scheduled', due_at = $3, settled_at = null, handed_at = null, holder = null, reason = ''
          where organization_id = $1 and source_id = $2 and status = 'unknown'",
        org,
        source,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
