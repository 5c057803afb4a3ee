//! The SQL of segments that is the same for all of them.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Segment, Standing};
use crate::{contacts::lists::ListId, tenancy::OrgTx};

/// Where the days of the workspace begin.
pub(super) async fn zone(tx: &mut OrgTx) -> sqlx::Result<String> {
    let org = tx.org();
    sqlx::query_scalar!("select time_zone from organizations where id = $1", org).fetch_one(tx.conn()).await
}

/// Lists and segments by name: id and name.
pub(super) async fn all_lists(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from contact_lists where organization_id = $1 and archived_at is null
          order by lower(name), id limit 1000",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect())
}

pub(super) async fn topics(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from subscription_topics where organization_id = $1 and archived_at is null
          order by position, id limit 200",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect())
}

/// Segments by name, archived ones left aside.
pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Segment>> {
    let org = tx.org();
    sqlx::query_as!(
        Segment,
        r#"select l.id, l.name, l.description, l.rule as "rule!", l.updated_at, l.refreshed_at, l.refresh_ms, l.refresh_error,
                  (select count(*) from contact_list_members m
                    where m.organization_id = $1 and m.list_id = l.id) as "people!"
             from contact_lists l
            where l.organization_id = $1 and l.kind = 'dynamic' and l.archived_at is null
            order by lower(l.name), l.id
            limit 500"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn find(tx: &mut OrgTx, id: ListId) -> sqlx::Result<Option<Segment>> {
    let org = tx.org();
    sqlx::query_as!(
        Segment,
        r#"select l.id, l.name, l.description, l.rule as "rule!", l.updated_at, l.refreshed_at, l.refresh_ms, l.refresh_error,
                  (select count(*) from contact_list_members m
                    where m.organization_id = $1 and m.list_id = l.id) as "people!"
             from contact_lists l
            where l.organization_id = $1 and l.id = $2 and l.kind = 'dynamic' and l.archived_at is null"#,
        org,
        id as ListId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Its rule, held until the transaction ends: its members are worked out by one at a time.
pub(super) async fn held(tx: &mut OrgTx, id: ListId) -> sqlx::Result<Option<Standing>> {
    let org = tx.org();
    sqlx::query_as!(
        Standing,
        r#"select rule as "rule!", refreshed_at from contact_lists
          where organization_id = $1 and id = $2 and kind = 'dynamic' and archived_at is null for no key update"#,
        org,
        id as ListId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// `false` when another list has the name.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ListId,
    (name, description, rule): (&str, &str, &Value),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into contact_lists (organization_id, id, name, description, kind, rule, created_at, updated_at)
         values ($1, $2, $3, $4, 'dynamic', $5, $6, $6)
         on conflict do nothing",
        org,
        id as ListId,
        name,
        description,
        rule,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected() == 1)
}

/// Whether another list has the name.
pub(super) async fn is_taken(tx: &mut OrgTx, id: ListId, name: &str) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from contact_lists where organization_id = $1 and id <> $2
                             and lower(name) = lower($3) and archived_at is null) as "is_taken!""#,
        org,
        id as ListId,
        name,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn update(
    tx: &mut OrgTx,
    id: ListId,
    (name, description, rule): (&str, &str, &Value),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contact_lists set name = $3, description = $4, rule = $5, updated_at = $6
          where organization_id = $1 and id = $2 and kind = 'dynamic'",
        org,
        id as ListId,
        name,
        description,
        rule,
        now,
    );
    done.execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn mention(tx: &mut OrgTx, id: ListId, mentions: &[String]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from segment_mentions where organization_id = $1 and list_id = $2 and not what = any ($3)",
        org,
        id as ListId,
        mentions,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into segment_mentions (organization_id, list_id, what)
         select $1, $2, what from unnest($3::text[]) what on conflict do nothing",
        org,
        id as ListId,
        mentions,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The segments whose rules mention any of these, and which of them; every segment with all that it mentions
/// when `what` is nothing.
pub(super) async fn mentioning(
    tx: &mut OrgTx,
    what: Option<&[String]>,
) -> sqlx::Result<Vec<(ListId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select m.list_id, m.what from segment_mentions m
           join contact_lists l on l.organization_id = m.organization_id and l.id = m.list_id
          where m.organization_id = $1 and l.archived_at is null and ($2::text[] is null or m.what = any ($2))
          order by m.list_id, m.what",
        org,
        what as Option<&[String]>,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (ListId(row.list_id), row.what)).collect())
}

/// The segments that are made of this list or segment, directly or through others.
pub(super) async fn made_of(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with recursive above as (
              select m.list_id from segment_mentions m where m.organization_id = $1 and m.what = 'list:' || $2::uuid
              union
              select m.list_id from segment_mentions m
                join above a on m.what = 'list:' || a.list_id
               where m.organization_id = $1)
           select list_id as "id!" from above"#,
        org,
        id,
    )
    .fetch_all(tx.conn())
    .await
}

/// Where it is used: other segments by id and name.
pub(super) async fn used_by(tx: &mut OrgTx, what: &str) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select l.id, l.name from segment_mentions m
           join contact_lists l on l.organization_id = m.organization_id and l.id = m.list_id
          where m.organization_id = $1 and m.what = $2 and l.archived_at is null
          order by lower(l.name), l.id limit 100",
        org,
        what,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Its members have been worked out as a whole.
pub(super) async fn refreshed(
    tx: &mut OrgTx,
    id: ListId,
    (took_ms, now): (i32, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contact_lists set refreshed_at = $3, refresh_ms = $4, refresh_error = ''
          where organization_id = $1 and id = $2",
        org,
        id as ListId,
        now,
        took_ms,
    );
    done.execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn not_refreshed(tx: &mut OrgTx, id: ListId, why: &str) -> sqlx::Result<()> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contact_lists set refresh_error = left($3, 1000) where organization_id = $1 and id = $2",
        org,
        id as ListId,
        why,
    );
    done.execute(tx.conn()).await?;
    Ok(())
}

/// Puts a segment away.
pub(super) async fn archive(tx: &mut OrgTx, id: ListId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contact_lists set archived_at = $3, updated_at = $3 where organization_id = $1 and id = $2",
        org,
        id as ListId,
        now,
    );
    done.execute(tx.conn()).await?;
    Ok(())
}
