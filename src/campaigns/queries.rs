//! The SQL that all of this domain shares.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Broadcast, BroadcastId, CampaignId, broadcast::Status, telling::Mail};
use crate::{contacts::consent::TopicId, designs::DesignId, senders::SenderId, tenancy::OrgTx};

/// By its own id or by its campaign's.
pub(super) async fn broadcast(
    tx: &mut OrgTx,
    id: Option<BroadcastId>,
    campaign: Option<CampaignId>,
) -> sqlx::Result<Option<Broadcast>> {
    let org = tx.org();
    sqlx::query_as!(
        Broadcast,
        r#"select b.id, b.campaign_id as campaign, c.name, b.number, b.status as "status: Status",
                  b.sender_id as "sender: SenderId", b.subject, b.preview_text, b.design_id as "design: DesignId",
                  b.version_id as version, b.topic_id as "topic: TopicId", b.to_everybody, b.track_opens,
                  b.track_clicks, b.begins_at, b.rev, b.people, b.skipped, b.started_at, b.frozen_at, b.finished_at,
                  b.trouble, c.archived_at is not null as "is_archived!"
             from broadcasts b
             join campaigns c on c.organization_id = b.organization_id and c.id = b.campaign_id
            where b.organization_id = $1 and (b.id = $2 or b.campaign_id = $3)
            order by b.id
            limit 1"#,
        org,
        id as Option<BroadcastId>,
        campaign as Option<CampaignId>,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What these broadcasts are called, and where their links lead.
pub(super) async fn mails(tx: &mut OrgTx, broadcasts: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Mail>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select b.id, c.id as "campaign: CampaignId", c.name,
                  array(select l.target from tracked_links l
                         where l.organization_id = $1 and l.broadcast_id = b.id order by l.position) as "links!"
             from broadcasts b
             join campaigns c on c.organization_id = $1 and c.id = b.campaign_id
            where b.organization_id = $1 and b.id = any($2)"#,
        org,
        broadcasts,
    )
    .fetch_all(tx.conn())
    .await?;
    let mail = |campaign, name, links| Mail { campaign, name, links };
    Ok(rows.into_iter().map(|row| (row.id, mail(row.campaign, row.name, row.links))).collect())
}

/// The broadcasts that have begun, the newest first: id and the name of their campaign.
pub(super) async fn begun(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select b.id, c.name from broadcasts b
           join campaigns c on c.organization_id = $1 and c.id = b.campaign_id
          where b.organization_id = $1 and b.frozen_at is not null
          order by b.frozen_at desc, b.id limit 200",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect())
}

/// The campaigns that have not begun and whose audience names a list.
pub(super) async fn waiting_for(tx: &mut OrgTx, list: Uuid) -> sqlx::Result<Vec<(CampaignId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select distinct c.id as "id: CampaignId", c.name
             from campaign_audiences a
             join broadcasts b on b.organization_id = $1 and b.id = a.broadcast_id
             join campaigns c on c.organization_id = $1 and c.id = b.campaign_id
            where a.organization_id = $1 and a.list_id = $2 and b.frozen_at is null
              and b.status not in ('cancelled', 'failed') and c.archived_at is null
            order by c.name limit 100"#,
        org,
        list,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The lists and segments that a broadcast goes to, or leaves out.
pub(super) async fn audience(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select distinct list_id from campaign_audiences where organization_id = $1 and broadcast_id = $2",
        org,
        id as BroadcastId,
    )
    .fetch_all(tx.conn())
    .await
}

/// The campaigns that are not over and whose subject or preview names a field of contacts: id and name.
pub(super) async fn naming(tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<(CampaignId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select c.id as "id: CampaignId", c.name from broadcasts b
             join campaigns c on c.organization_id = $1 and c.id = b.campaign_id
            where b.organization_id = $1 and c.archived_at is null and b.status not in ('sent', 'cancelled', 'failed')
              and b.subject || ' ' || b.preview_text ~ ('contact\.' || $2::text || '($|[^a-z0-9_])')
            order by b.id desc
            limit 50"#,
        org,
        key,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
