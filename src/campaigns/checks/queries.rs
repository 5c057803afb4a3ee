//! All SQL of the checks. Whom a campaign is for is counted by the rules that a start keeps to.

use chrono::{DateTime, Utc};

use super::facts::Audience;
use crate::{
    campaigns::{Broadcast, BroadcastId},
    contacts::consent::TopicId,
    designs::DesignId,
    tenancy::OrgTx,
};

/// Counts everybody who was chosen, and those who are left out by the first reason that holds.
pub(super) async fn audience(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    now: DateTime<Utc>,
) -> sqlx::Result<Audience> {
    let org = tx.org();
    sqlx::query_as!(
        Audience,
        r#"select count(*) as "people!",
                  count(*) filter (where j.skipped = 'no_address') as "no_address!",
                  count(*) filter (where j.skipped = 'suppressed') as "suppressed!",
                  count(*) filter (where j.skipped = 'opted_out') as "opted_out!",
                  count(*) filter (where j.skipped = 'paused') as "paused!"
             from (
                select case when c.email is null then 'no_address'
                            when s.reason is not null then 'suppressed'
                            when said.state = 'withdrawn' then 'opted_out'
                            when said.state = 'paused' and said.paused_until > $5 then 'paused'
                            else '' end as skipped
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
             ) j"#,
        org,
        broadcast.id as BroadcastId,
        broadcast.topic as Option<TopicId>,
        broadcast.to_everybody,
        now,
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether there is a list whose people it is for.
pub(super) async fn has_lists(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from campaign_audiences
                           where organization_id = $1 and broadcast_id = $2 and mode = 'include') as "has!""#,
        org,
        id as BroadcastId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Files that came since then into what it is for, without a declaration that their people agreed.
pub(super) async fn fresh_imports(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select i.file_name from imports i
          where i.organization_id = $1 and i.status = 'done' and i.finished_at > $3 and i.consent_state <> 'granted'
            and ($4 or exists (
                select from campaign_audiences a
                 where a.organization_id = $1 and a.broadcast_id = $2 and a.mode = 'include' and a.list_id = i.list_id))
          order by i.finished_at desc, i.id
          limit 5",
        org,
        broadcast.id as BroadcastId,
        since,
        broadcast.to_everybody,
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether the organization has named a mail server of its own.
pub(super) async fn has_server(tx: &mut OrgTx) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from mail_servers where organization_id = $1) as "has!""#,
        org,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn design_name(tx: &mut OrgTx, id: DesignId) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select name from designs where organization_id = $1 and id = $2",
        org,
        id as DesignId
    )
    .fetch_optional(tx.conn())
    .await
}
