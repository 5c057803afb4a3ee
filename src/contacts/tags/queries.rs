//! The SQL of tags.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Named, Tag, TagId,
    wearing::{By, Worn},
};
use crate::tenancy::OrgTx;

/// Every tag with how many have it, category by category.
pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Tag>> {
    let org = tx.org();
    sqlx::query_as!(
        Tag,
        r#"select t.id as "id: TagId", t.name, t.category, t.hue, t.archived_at,
                  (select count(*) from contact_tags w join contacts c on c.organization_id = $1 and c.id = w.contact_id
                    where w.organization_id = $1 and w.tag_id = t.id and c.archived_at is null) as "people!"
             from tags t
            where t.organization_id = $1
            order by t.category = '', lower(t.category), lower(t.name), t.id
            limit 1000"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn named(tx: &mut OrgTx) -> sqlx::Result<Vec<(TagId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select id as "id: TagId", name from tags where organization_id = $1 and archived_at is null
            order by lower(name), id limit 1000"#,
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) async fn name(tx: &mut OrgTx, id: TagId) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select name from tags where organization_id = $1 and id = $2 and archived_at is null",
        org,
        id as TagId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn called(tx: &mut OrgTx, name: &str) -> sqlx::Result<Option<TagId>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select id as "id: TagId" from tags
            where organization_id = $1 and archived_at is null
              and lower(name collate "und-x-icu") = lower($2::text collate "und-x-icu")"#,
        org,
        name,
    )
    .fetch_optional(tx.conn())
    .await
}

/// `false` when another tag has the name.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: TagId,
    named: &Named,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into tags (organization_id, id, name, category, hue, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         on conflict do nothing",
        org,
        id as TagId,
        named.name,
        named.category,
        named.hue,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected() == 1)
}

/// Changes what is said of a tag, in use or not. That its name is free was looked at before.
pub(super) async fn update(tx: &mut OrgTx, id: TagId, named: &Named, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update tags set name = $3, category = $4, hue = $5, updated_at = $6 where organization_id = $1 and id = $2",
        org,
        id as TagId,
        named.name,
        named.category,
        named.hue,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn set_archived(
    tx: &mut OrgTx,
    id: TagId,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update tags set archived_at = $3, updated_at = $4 where organization_id = $1 and id = $2",
        org,
        id as TagId,
        at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The tags in use that each of these has, by name.
pub(super) async fn worn(tx: &mut OrgTx, contacts: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Worn)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select w.contact_id, t.id as "tag: TagId", t.name, t.hue, w.source, w.added_at
             from contact_tags w join tags t on t.organization_id = $1 and t.id = w.tag_id
            where w.organization_id = $1 and w.contact_id = any($2) and t.archived_at is null
            order by lower(t.name), t.id"#,
        org,
        contacts,
    );
    let rows = rows.fetch_all(tx.conn()).await?.into_iter();
    let worn = |tag, name, hue, source, added_at| Worn { tag, name, hue, source, added_at };
    Ok(rows.map(|row| (row.contact_id, worn(row.tag, row.name, row.hue, row.source, row.added_at))).collect())
}

/// Gives whom it reached: those who did not have it.
pub(super) async fn put_on(
    tx: &mut OrgTx,
    tag: TagId,
    whom: &[Uuid],
    by: By<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into contact_tags (organization_id, tag_id, contact_id, source, added_by, added_at)
         select $1, $2, id, left($4, 200), $5, $6 from contacts
          where organization_id = $1 and id = any($3) and merged_into is null order by id
         on conflict do nothing
         returning contact_id",
        org,
        tag as TagId,
        whom,
        by.source,
        by.person,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Gives whom it reached: those who had it.
pub(super) async fn take_off(tx: &mut OrgTx, tag: TagId, whom: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from contact_tags where organization_id = $1 and tag_id = $2 and contact_id = any($3)
         returning contact_id",
        org,
        tag as TagId,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// How many have both.
pub(super) async fn both(tx: &mut OrgTx, one: TagId, other: TagId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contact_tags a
             join contact_tags b on b.organization_id = $1 and b.tag_id = $3 and b.contact_id = a.contact_id
             join contacts c on c.organization_id = $1 and c.id = a.contact_id and c.archived_at is null
            where a.organization_id = $1 and a.tag_id = $2"#,
        org,
        one as TagId,
        other as TagId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Gives everybody with the one the other; of two, how they came by the older stays.
pub(super) async fn move_all(tx: &mut OrgTx, from: TagId, into: TagId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_tags (organization_id, tag_id, contact_id, source, added_by, added_at)
         select $1, $3, contact_id, source, added_by, added_at from contact_tags
          where organization_id = $1 and tag_id = $2 order by contact_id
         on conflict (organization_id, tag_id, contact_id) do update
            set source = excluded.source, added_by = excluded.added_by, added_at = excluded.added_at
          where excluded.added_at < contact_tags.added_at",
        org,
        from as TagId,
        into as TagId,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("delete from contact_tags where organization_id = $1 and tag_id = $2", org, from as TagId)
        .execute(tx.conn())
        .await?;
    Ok(())
}
