//! All SQL of drafts.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Draft;
use crate::{
    campaigns::{Broadcast, BroadcastId, CampaignId},
    tenancy::OrgTx,
};

/// The lists of a broadcast, each with what it is there for.
pub(super) async fn lists(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select list_id, mode from campaign_audiences
          where organization_id = $1 and broadcast_id = $2
          order by list_id
          limit 1000",
        org,
        id as BroadcastId,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.list_id, row.mode)).collect())
}

/// Keeps a draft that is still the one that was looked at; `false` when somebody changed it meanwhile.
pub(super) async fn save(
    tx: &mut OrgTx,
    (before, rev): (&Broadcast, i64),
    draft: &Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update broadcasts
            set sender_id = $4, subject = $5, preview_text = $6, design_id = $7, topic_id = $8, to_everybody = $9,
                track_opens = $10, track_clicks = $11, begins_at = $12, rev = rev + 1, updated_at = $13
          where organization_id = $1 and id = $2 and rev = $3 and status = 'draft'",
        org,
        before.id as BroadcastId,
        rev,
        draft.sender,
        draft.subject,
        draft.preview_text,
        draft.design,
        draft.topic,
        draft.to_everybody,
        draft.track_opens,
        draft.track_clicks,
        draft.begins_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    name(tx, before.campaign, &draft.name, now).await?;
    for (mode, lists) in [("include", &draft.include), ("exclude", &draft.exclude)] {
        put_lists(tx, before.id, mode, lists).await?;
    }
    Ok(true)
}

async fn name(tx: &mut OrgTx, id: CampaignId, name: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update campaigns set name = $3, updated_at = $4 where organization_id = $1 and id = $2",
        org,
        id as CampaignId,
        name,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn put_lists(tx: &mut OrgTx, id: BroadcastId, mode: &str, lists: &[Uuid]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from campaign_audiences
          where organization_id = $1 and broadcast_id = $2 and mode = $3 and not list_id = any($4)",
        org,
        id as BroadcastId,
        mode,
        lists,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into campaign_audiences (organization_id, broadcast_id, list_id, mode)
         select $1, $2, list_id, $3 from unnest($4::uuid[]) as u (list_id)
         on conflict (organization_id, broadcast_id, list_id) do update set mode = excluded.mode",
        org,
        id as BroadcastId,
        mode,
        lists,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
