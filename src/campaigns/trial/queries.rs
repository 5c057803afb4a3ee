//! All SQL of trials.

use uuid::Uuid;

use super::Sent;
use crate::{
    campaigns::{Broadcast, BroadcastId},
    tenancy::OrgTx,
};

/// Both templates of what was kept when it started.
pub(super) async fn version(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Option<(String, String)>> {
    let org = tx.org();
    let row = sqlx::query!(
        "select html, plain_text from design_versions where organization_id = $1 and id = $2",
        org,
        id,
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(|row| (row.html, row.plain_text)))
}

pub(super) async fn sent(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Vec<Sent>> {
    let org = tx.org();
    sqlx::query_as!(
        Sent,
        r#"select coalesce(payload->>'to', '') as "address!", status, last_error
             from job_queue
            where organization_id = $1 and kind = 'campaigns.trial' and payload->>'broadcast' = $2
            order by id desc
            limit 5"#,
        org,
        id.to_string(),
    )
    .fetch_all(tx.conn())
    .await
}

/// The first person in the audience behind this one.
pub(super) async fn next(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    after: Option<Uuid>,
) -> sqlx::Result<Option<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select c.id from contacts c
          where c.organization_id = $1 and c.archived_at is null and c.email is not null
            and ($4::uuid is null or c.id > $4)
            and ($3 or exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'include'
                 where m.organization_id = $1 and m.contact_id = c.id))
            and not exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'exclude'
                 where m.organization_id = $1 and m.contact_id = c.id)
          order by c.id
          limit 1",
        org,
        broadcast.id as BroadcastId,
        broadcast.to_everybody,
        after,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The last person in the audience before this one.
pub(super) async fn previous(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    before: Uuid,
) -> sqlx::Result<Option<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select c.id from contacts c
          where c.organization_id = $1 and c.archived_at is null and c.email is not null and c.id < $4
            and ($3 or exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'include'
                 where m.organization_id = $1 and m.contact_id = c.id))
            and not exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'exclude'
                 where m.organization_id = $1 and m.contact_id = c.id)
          order by c.id desc
          limit 1",
        org,
        broadcast.id as BroadcastId,
        broadcast.to_everybody,
        before,
    )
    .fetch_optional(tx.conn())
    .await
}
