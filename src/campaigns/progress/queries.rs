//! All SQL of the progress of a campaign.

use chrono::{DateTime, Utc};

use super::Counts;
use crate::{campaigns::BroadcastId, tenancy::OrgTx};

pub(super) async fn counts(tx: &mut OrgTx, id: BroadcastId, since: DateTime<Utc>) -> sqlx::Result<Counts> {
    let org = tx.org();
    sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where status in ('scheduled', 'claimed', 'handing_over')) as "waiting!",
                  count(*) filter (where status = 'sent') as "sent!",
                  count(*) filter (where status = 'failed') as "failed!",
                  count(*) filter (where status = 'unknown') as "unknown!",
                  count(*) filter (where status = 'suppressed') as "suppressed!",
                  count(*) filter (where status = 'cancelled') as "cancelled!",
                  count(*) filter (where settled_at > $3) as "lately!"
             from channel_outbox where organization_id = $1 and source_id = $2"#,
        org,
        id as BroadcastId,
        since,
    )
    .fetch_one(tx.conn())
    .await
}

/// Who was left out when it started: the reason, and how many.
pub(super) async fn skipped(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Vec<(String, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select skipped, count(*) as "count!" from recipients
            where organization_id = $1 and broadcast_id = $2 and skipped <> ''
            group by skipped
            order by skipped"#,
        org,
        id as BroadcastId,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.skipped, row.count)).collect())
}
