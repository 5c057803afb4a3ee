//! All SQL of what is done to a campaign.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    campaigns::{BroadcastId, CampaignId, Status},
    tenancy::OrgTx,
};

pub(super) async fn lock(tx: &mut OrgTx, id: CampaignId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select 1 as one from broadcasts where organization_id = $1 and campaign_id = $2 order by id for update",
        org,
        id as CampaignId,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(())
}

/// To begin then. Gives the number of this state: who begins it is told by it from an order before.
pub(super) async fn queue(
    tx: &mut OrgTx,
    id: BroadcastId,
    (status, begins_at): (Status, DateTime<Utc>),
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update broadcasts
            set status = $3, begins_at = $4, started_by = $5, rev = rev + 1, updated_at = $6, trouble = ''
          where organization_id = $1 and id = $2
        returning rev",
        org,
        id as BroadcastId,
        status as Status,
        begins_at,
        by,
        now,
    )
    .fetch_one(tx.conn())
    .await
}

/// Back to a draft. A time that was chosen stays chosen.
pub(super) async fn unqueue(
    tx: &mut OrgTx,
    id: BroadcastId,
    begins_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = 'draft', begins_at = $3, rev = rev + 1, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        id as BroadcastId,
        begins_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves it on; what was in its way is forgotten. One that goes on is not over.
pub(super) async fn step(
    tx: &mut OrgTx,
    id: BroadcastId,
    (status, finished_at): (Status, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = $3, finished_at = $4, rev = rev + 1, updated_at = $5, trouble = ''
          where organization_id = $1 and id = $2",
        org,
        id as BroadcastId,
        status as Status,
        finished_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many messages have gone, as far as anybody knows.
pub(super) async fn gone(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from channel_outbox
            where organization_id = $1 and source_id = $2 and status in ('handing_over', 'sent', 'unknown')"#,
        org,
        id as BroadcastId,
    )
    .fetch_one(tx.conn())
    .await
}
