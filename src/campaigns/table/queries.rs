//! All SQL of the list of campaigns.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    campaigns::{BroadcastId, CampaignId, Status},
    tenancy::OrgTx,
};

/// Rows that the list shows; older ones are found by their name.
pub(super) const MOST: i64 = 100;

/// A campaign in the list.
pub(super) struct Listed {
    pub id: CampaignId,
    pub name: String,
    pub status: Status,
    pub begins_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    pub is_frozen: bool,
    /// Those that it was sent to, or will be.
    pub recipients: i64,
    pub opened: i64,
    pub clicked: i64,
}

/// The newest first. What became of them is counted for these only.
pub(super) async fn all(tx: &mut OrgTx, is_archived: bool, pattern: &str) -> sqlx::Result<Vec<Listed>> {
    let org = tx.org();
    sqlx::query_as!(
        Listed,
        r#"select l.id as "id: CampaignId", l.name, l.status as "status: Status", l.begins_at, l.started_at,
                  l.updated_at, l.frozen_at is not null as "is_frozen!", l.people - l.skipped as "recipients!",
                  r.opened as "opened!", r.clicked as "clicked!"
             from (
                select c.id, c.name, c.updated_at, b.id as broadcast_id, b.status, b.begins_at, b.started_at,
                       b.frozen_at, b.people, b.skipped
                  from campaigns c
                  join broadcasts b on b.organization_id = $1 and b.campaign_id = c.id
                 where c.organization_id = $1 and (c.archived_at is not null) = $2 and c.name ilike $3
                 order by c.updated_at desc, c.id desc
                 limit $4
             ) l
             left join lateral (
                select count(*) filter (where p.opens > 0) as opened, count(*) filter (where p.clicks > 0) as clicked
                  from recipients p
                 where p.organization_id = $1 and p.broadcast_id = l.broadcast_id and l.frozen_at is not null
             ) r on true
            order by l.updated_at desc, l.id desc"#,
        org,
        is_archived,
        pattern,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// A campaign with its one broadcast; the sender and the design are chosen where there is no choice.
pub(super) async fn add(
    tx: &mut OrgTx,
    name: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<CampaignId> {
    let org = tx.org();
    let (campaign, broadcast) = (CampaignId::new(), BroadcastId::new());
    insert(tx, campaign, name, (by, now)).await?;
    sqlx::query!(
        "insert into broadcasts (organization_id, id, campaign_id, sender_id, design_id, created_at, updated_at)
         values ($1, $2, $3,
                 (select (array_agg(id))[1] from sender_identities
                   where organization_id = $1 and archived_at is null having count(*) = 1),
                 (select (array_agg(id))[1] from designs
                   where organization_id = $1 and archived_at is null having count(*) = 1),
                 $4, $4)",
        org,
        broadcast as BroadcastId,
        campaign as CampaignId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(campaign)
}

async fn insert(
    tx: &mut OrgTx,
    id: CampaignId,
    name: &str,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into campaigns (organization_id, id, name, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)",
        org,
        id as CampaignId,
        name,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The same again as a draft, to begin whenever somebody says so.
pub(super) async fn copy(
    tx: &mut OrgTx,
    from: BroadcastId,
    name: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<CampaignId> {
    let org = tx.org();
    let (campaign, broadcast) = (CampaignId::new(), BroadcastId::new());
    insert(tx, campaign, name, (by, now)).await?;
    sqlx::query!(
        "insert into broadcasts (organization_id, id, campaign_id, sender_id, subject, preview_text, design_id, topic_id,
                                 to_everybody, track_opens, track_clicks, created_at, updated_at)
         select $1, $2, $3, sender_id, subject, preview_text, design_id, topic_id, to_everybody, track_opens,
                track_clicks, $5, $5
           from broadcasts where organization_id = $1 and id = $4",
        org,
        broadcast as BroadcastId,
        campaign as CampaignId,
        from as BroadcastId,
        now,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into campaign_audiences (organization_id, broadcast_id, list_id, mode)
         select $1, $2, list_id, mode from campaign_audiences where organization_id = $1 and broadcast_id = $3",
        org,
        broadcast as BroadcastId,
        from as BroadcastId,
    )
    .execute(tx.conn())
    .await?;
    Ok(campaign)
}

/// Puts a campaign away, or takes it out again; gives its name.
pub(super) async fn set_archived(
    tx: &mut OrgTx,
    id: CampaignId,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update campaigns set archived_at = $3 where organization_id = $1 and id = $2 returning name",
        org,
        id as CampaignId,
        at,
    )
    .fetch_optional(tx.conn())
    .await
}
