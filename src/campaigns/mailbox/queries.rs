//! The SQL of the built-in mailbox.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Kept, KeptId};
use crate::{
    campaigns::BroadcastId,
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

pub(super) async fn insert(
    tx: &mut OrgTx,
    broadcast: BroadcastId,
    kept: &[Kept],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    let ids: Vec<Uuid> = kept.iter().map(|_| Uuid::now_v7()).collect();
    let recipients: Vec<String> = kept.iter().map(|one| one.to.to_string()).collect();
    let subjects: Vec<String> = kept.iter().map(|one| one.subject.chars().take(1000).collect()).collect();
    let sources: Vec<&[u8]> = kept.iter().map(|one| one.source.as_slice()).collect();
    sqlx::query!(
        "insert into kept_mail (organization_id, id, broadcast_id, recipient, subject, source, kept_at)
         select $1, u.id, $2, u.recipient, u.subject, u.source, $3
           from unnest($4::uuid[], $5::text[], $6::text[], $7::bytea[]) as u (id, recipient, subject, source)",
        org,
        broadcast as BroadcastId,
        now,
        &ids,
        &recipients,
        &subjects,
        &sources as &[&[u8]],
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets all but the newest.
pub(super) async fn forget(tx: &mut OrgTx, keep: i64) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from kept_mail
          where organization_id = $1
            and id < (select id from kept_mail where organization_id = $1 order by id desc offset $2 limit 1)",
        org,
        keep - 1,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many links a broadcast has.
pub(super) async fn links(tx: &mut OrgTx, number: i64) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from tracked_links l
             join broadcasts b on b.organization_id = l.organization_id and b.id = l.broadcast_id
            where l.organization_id = $1 and b.number = $2"#,
        org,
        number,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn holds(tx: &mut OrgTx, broadcast: BroadcastId) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from kept_mail where organization_id = $1 and broadcast_id = $2) as "holds!""#,
        org,
        broadcast as BroadcastId,
    )
    .fetch_one(tx.conn())
    .await
}

/// A line of the list.
pub(super) struct Line {
    pub id: KeptId,
    pub recipient: String,
    pub subject: String,
    pub kept_at: DateTime<Utc>,
}

/// A page of the list, newest first: their ids are in the order in which they were kept. `like` is a pattern
/// for an address or a subject.
pub(super) async fn page(
    tx: &mut OrgTx,
    (broadcast, like): (BroadcastId, &str),
    (from, going): (Option<Uuid>, Going),
) -> sqlx::Result<Page<Line>> {
    let org = tx.org();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let rows = sqlx::query_as!(
        Line,
        r#"select id as "id: KeptId", recipient, subject, kept_at from kept_mail
            where organization_id = $1 and broadcast_id = $2 and (recipient ilike $3 or subject ilike $3)
              and ($4::uuid is null or case when $5 then id > $4 else id < $4 end)
            order by case when $5 then id end, id desc
            limit $6"#,
        org,
        broadcast as BroadcastId,
        like,
        from,
        going == Going::Back,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    let cursor = |line: &Line| Cursor { value: String::new(), id: line.id.0 };
    Ok(Page::cut(rows, going, from.is_none(), cursor))
}

/// A message as it was kept.
pub(super) struct Message {
    pub recipient: String,
    pub source: Vec<u8>,
    pub kept_at: DateTime<Utc>,
}

pub(super) async fn message(
    tx: &mut OrgTx,
    broadcast: BroadcastId,
    id: KeptId,
) -> sqlx::Result<Option<Message>> {
    let org = tx.org();
    sqlx::query_as!(
        Message,
        "select recipient, source, kept_at from kept_mail
          where organization_id = $1 and broadcast_id = $2 and id = $3",
        org,
        broadcast as BroadcastId,
        id as KeptId,
    )
    .fetch_optional(tx.conn())
    .await
}
