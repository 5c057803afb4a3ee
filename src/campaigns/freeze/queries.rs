//! The SQL of a start. Set by set: a million people are four statements.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Frozen;
use crate::{
    campaigns::{Broadcast, BroadcastId, letter::Organization},
    contacts::consent::TopicId,
    tenancy::OrgTx,
};

pub(super) async fn keep_links(tx: &mut OrgTx, id: BroadcastId, targets: &[String]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into tracked_links (organization_id, broadcast_id, position, target)
         select $1, $2, (place - 1)::smallint, target from unnest($3::text[]) with ordinality as t (target, place)
         on conflict do nothing",
        org,
        id as BroadcastId,
        targets,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Everybody in the audience, as they are now, with the reason where nothing is sent to them. An address
/// belongs to one contact, so nobody is there twice. In the order of their ids: the rows of the ledger that
/// follow are then written where the last ones were.
pub(super) async fn keep_recipients(tx: &mut OrgTx, broadcast: &Broadcast) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into recipients (organization_id, broadcast_id, contact_id, address, merge, skipped)
         select $1, $2, c.id, coalesce(c.email, ''),
                c.custom || jsonb_build_object(
                    'email', c.email, 'first_name', c.first_name, 'last_name', c.last_name, 'phone', c.phone,
                    'company', c.company, 'job_title', c.job_title, 'website', c.website, 'street', c.street,
                    'city', c.city, 'region', c.region, 'postal_code', c.postal_code, 'country', c.country,
                    'language', c.language, 'customer_code', c.customer_code),
                case when c.email is null then 'no_address'
                     when s.reason is not null then 'suppressed'
                     when said.state = 'withdrawn' then 'opted_out'
                     when said.state = 'paused' and said.paused_until > now() then 'paused'
                     else '' end
           from contacts c
           left join suppressions s on s.organization_id = $1 and s.channel = 'email'
                                   and s.address_hash = app.address_hash($1, c.email)
           left join lateral (
                select k.state, k.paused_until from consents k
                 where k.organization_id = $1 and k.contact_id = c.id and k.channel = 'email'
                   and (k.topic_id is null or k.topic_id = $3)
                 order by k.id desc limit 1
           ) said on true
          where c.organization_id = $1 and c.archived_at is null
            and ($4 or exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'include'
                 where m.organization_id = $1 and m.contact_id = c.id))
            and not exists (
                select from contact_list_members m
                  join campaign_audiences a on a.organization_id = $1 and a.broadcast_id = $2
                                           and a.list_id = m.list_id and a.mode = 'exclude'
                 where m.organization_id = $1 and m.contact_id = c.id)
          order by c.id",
        org,
        broadcast.id as BroadcastId,
        broadcast.topic as Option<TopicId>,
        broadcast.to_everybody,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A row for each message that is to go.
pub(super) async fn fill_outbox(tx: &mut OrgTx, id: BroadcastId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into channel_outbox (organization_id, source_id, subject_id, channel, address_hash, due_at)
         select $1, $2, contact_id, 'email', app.address_hash($1, address), $3
           from recipients
          where organization_id = $1 and broadcast_id = $2 and skipped = ''
          order by contact_id
         on conflict do nothing",
        org,
        id as BroadcastId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn mark_frozen(
    tx: &mut OrgTx,
    id: BroadcastId,
    version: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Frozen> {
    let org = tx.org();
    sqlx::query_as!(
        Frozen,
        "update broadcasts b
            set version_id = $3, frozen_at = $4, updated_at = $4, people = r.people, skipped = r.skipped
           from (select count(*) as people, count(*) filter (where skipped <> '') as skipped
                   from recipients where organization_id = $1 and broadcast_id = $2) r
          where b.organization_id = $1 and b.id = $2
        returning b.people, b.skipped",
        org,
        id as BroadcastId,
        version,
        now,
    )
    .fetch_one(tx.conn())
    .await
}

/// By its brand where it has one.
pub(super) async fn organization(tx: &mut OrgTx) -> sqlx::Result<Organization> {
    let org = tx.org();
    sqlx::query_as!(
        Organization,
        r#"select coalesce(nullif(b.name, ''), o.name) as "name!", coalesce(b.postal_address, '') as "address!"
             from organizations o
             left join brand_profiles b on b.organization_id = o.id
            where o.id = $1"#,
        org,
    )
    .fetch_one(tx.conn())
    .await
}
