//! The SQL of messages of which something was heard later.

use uuid::Uuid;

use crate::tenancy::OrgTx;

pub(super) async fn settle(tx: &mut OrgTx, source: Uuid, subject: Uuid) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox set status = 'sent', reason = ''
          where organization_id = $1 and source_id = $2 and subject_id = $3 and status = 'unknown'",
        org,
        source,
        subject,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}
