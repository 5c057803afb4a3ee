//! The SQL of what each had before, and of giving it back where nobody changed it since.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::{changes::ChangeId, lists::ListId},
    tenancy::OrgTx,
};

/// Keeps that these had nothing of it before, and when they got it.
pub(super) async fn mark(
    tx: &mut OrgTx,
    change: ChangeId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         select $1, $2, w.id, '{}', $4 from unnest($3::uuid[]) as w (id) order by w.id",
        org,
        change as ChangeId,
        whom,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps how these came by a tag that they are about to lose.
pub(super) async fn keep_tags(
    tx: &mut OrgTx,
    change: ChangeId,
    (tag, whom): (Uuid, &[Uuid]),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         select $1, $2, w.contact_id,
                jsonb_build_object('source', w.source, 'added_by', w.added_by, 'added_at', w.added_at), $5
           from contact_tags w
          where w.organization_id = $1 and w.tag_id = $3 and w.contact_id = any ($4)
          order by w.contact_id",
        org,
        change as ChangeId,
        tag,
        whom,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps how these came into a list that they are about to leave.
pub(super) async fn keep_places(
    tx: &mut OrgTx,
    change: ChangeId,
    (list, whom): (ListId, &[Uuid]),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         select $1, $2, m.contact_id, jsonb_build_object('source', m.source, 'joined_at', m.joined_at), $5
           from contact_list_members m
          where m.organization_id = $1 and m.list_id = $3 and m.contact_id = any ($4)
          order by m.contact_id",
        org,
        change as ChangeId,
        list as ListId,
        whom,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps where these stood.
pub(super) async fn keep_standing(
    tx: &mut OrgTx,
    change: ChangeId,
    stood: &[(Uuid, String)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    let (whom, was): (Vec<Uuid>, Vec<String>) = stood.iter().cloned().unzip();
    sqlx::query!(
        "insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         select $1, $2, s.id, jsonb_build_object('value', s.was), $5
           from unnest($3::uuid[], $4::text[]) as s (id, was) order by s.id",
        org,
        change as ChangeId,
        &whom,
        &was,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps since when these are archived, who are about to come back.
pub(super) async fn keep_archived(
    tx: &mut OrgTx,
    change: ChangeId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         select $1, $2, c.id, jsonb_build_object('archived_at', c.archived_at), $4
           from contacts c
          where c.organization_id = $1 and c.id = any ($3) and c.archived_at is not null and c.merged_into is null
          order by c.id",
        org,
        change as ChangeId,
        whom,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Where these stood.
pub(super) async fn stood(
    tx: &mut OrgTx,
    change: ChangeId,
    whom: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select contact_id, coalesce(was->>'value', '') as "was!" from contact_change_people
            where organization_id = $1 and change_id = $2 and contact_id = any ($3)"#,
        org,
        change as ChangeId,
        whom,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.contact_id, row.was)).collect())
}

/// Takes the tag off those who have it from there still.
pub(super) async fn take_tags(
    tx: &mut OrgTx,
    change: ChangeId,
    (tag, whom): (Uuid, &[Uuid]),
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from contact_tags w using contact_change_people p
          where w.organization_id = $1 and w.tag_id = $3 and w.contact_id = any ($4)
            and p.organization_id = $1 and p.change_id = $2 and p.contact_id = w.contact_id
            and w.added_at = p.changed_at
         returning w.contact_id",
        org,
        change as ChangeId,
        tag,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Gives it back with how they had come by it.
pub(super) async fn give_tags(
    tx: &mut OrgTx,
    change: ChangeId,
    (tag, whom): (Uuid, &[Uuid]),
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into contact_tags (organization_id, tag_id, contact_id, source, added_by, added_at)
         select $1, $3, p.contact_id, p.was->>'source', (p.was->>'added_by')::uuid, (p.was->>'added_at')::timestamptz
           from contact_change_people p
           join contacts c on c.organization_id = $1 and c.id = p.contact_id and c.merged_into is null
          where p.organization_id = $1 and p.change_id = $2 and p.contact_id = any ($4)
          order by p.contact_id
         on conflict do nothing
         returning contact_id",
        org,
        change as ChangeId,
        tag,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes those out of the list who are in it from there still.
pub(super) async fn take_places(
    tx: &mut OrgTx,
    change: ChangeId,
    (list, whom): (ListId, &[Uuid]),
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from contact_list_members m using contact_change_people p
          where m.organization_id = $1 and m.list_id = $3 and m.contact_id = any ($4)
            and p.organization_id = $1 and p.change_id = $2 and p.contact_id = m.contact_id
            and m.joined_at = p.changed_at
         returning m.contact_id",
        org,
        change as ChangeId,
        list as ListId,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts them back where they were.
pub(super) async fn give_places(
    tx: &mut OrgTx,
    change: ChangeId,
    (list, whom): (ListId, &[Uuid]),
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, $3, p.contact_id, p.was->>'source', (p.was->>'joined_at')::timestamptz
           from contact_change_people p
           join contacts c on c.organization_id = $1 and c.id = p.contact_id and c.merged_into is null
          where p.organization_id = $1 and p.change_id = $2 and p.contact_id = any ($4)
          order by p.contact_id
         on conflict do nothing
         returning contact_id",
        org,
        change as ChangeId,
        list as ListId,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Brings those back who are archived by it still.
pub(super) async fn unarchive(
    tx: &mut OrgTx,
    change: ChangeId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update contacts c set archived_at = null, updated_at = $4
           from contact_change_people p
          where c.organization_id = $1 and c.id = any ($3) and c.merged_into is null
            and p.organization_id = $1 and p.change_id = $2 and p.contact_id = c.id
            and c.archived_at = p.changed_at
        returning c.id",
        org,
        change as ChangeId,
        whom,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Archives those again, since when they were, who are still there.
pub(super) async fn archive_again(
    tx: &mut OrgTx,
    change: ChangeId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update contacts c set archived_at = (p.was->>'archived_at')::timestamptz, updated_at = $4
           from contact_change_people p
          where c.organization_id = $1 and c.id = any ($3) and c.archived_at is null
            and p.organization_id = $1 and p.change_id = $2 and p.contact_id = c.id
        returning c.id",
        org,
        change as ChangeId,
        whom,
        now,
    )
    .fetch_all(tx.conn())
    .await
}
