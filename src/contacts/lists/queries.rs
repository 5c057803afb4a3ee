//! The SQL of lists.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{List, ListId};
use crate::{contacts::ContactId, tenancy::OrgTx};

/// Lists by name, each with its people; neither archived ones nor segments.
pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<List>> {
    let org = tx.org();
    sqlx::query_as!(
        List,
        r#"select l.id, l.name, l.description, l.created_at,
                  (select count(*) from contact_list_members m
                    where m.organization_id = $1 and m.list_id = l.id) as "people!"
             from contact_lists l
            where l.organization_id = $1 and l.kind = 'static' and l.archived_at is null
            order by lower(l.name), l.id
            limit 500"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Lists by name, with segments or without.
pub(super) async fn named(tx: &mut OrgTx, with_segments: bool) -> sqlx::Result<Vec<(ListId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from contact_lists
          where organization_id = $1 and archived_at is null and ($2 or kind = 'static')
          order by lower(name), id limit 500",
        org,
        with_segments,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (ListId(row.id), row.name)).collect())
}

/// The name of a list that people are put into by hand.
pub(super) async fn name(tx: &mut OrgTx, id: ListId) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select name from contact_lists
          where organization_id = $1 and id = $2 and kind = 'static' and archived_at is null",
        org,
        id as ListId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select l.id, l.name from contact_list_members m
           join contact_lists l on l.organization_id = m.organization_id and l.id = m.list_id
          where m.organization_id = $1 and m.contact_id = $2 and l.archived_at is null
          order by lower(l.name), l.id
          limit 100",
        org,
        contact as ContactId,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// `false` when another list has the name.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ListId,
    (name, description): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into contact_lists (organization_id, id, name, description, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict do nothing",
        org,
        id as ListId,
        name,
        description,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts people into a list who are not in it yet, and gives who they are.
pub(super) async fn add(
    tx: &mut OrgTx,
    list: ListId,
    whom: &[Uuid],
    source: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, $2, id, left($4, 200), $5 from contacts
          where organization_id = $1 and id = any($3) and merged_into is null order by id
         on conflict do nothing
         returning contact_id",
        org,
        list as ListId,
        whom,
        source,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes people out of a list, and gives who was in it.
pub(super) async fn take_out(tx: &mut OrgTx, list: ListId, whom: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from contact_list_members where organization_id = $1 and list_id = $2 and contact_id = any($3)
         returning contact_id",
        org,
        list as ListId,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts a list away, and gives its name.
pub(super) async fn archive(tx: &mut OrgTx, id: ListId, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update contact_lists set archived_at = $3, updated_at = $3
          where organization_id = $1 and id = $2 and kind = 'static' and archived_at is null
        returning name",
        org,
        id as ListId,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}
