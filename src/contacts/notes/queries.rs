//! The SQL of notes about contacts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Author, Note, NoteId};
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Note>> {
    let org = tx.org();
    sqlx::query_as!(
        Note,
        r#"select n.id, n.body, n.author_id, p.name as "author?", n.created_at, n.updated_at,
                  array(select q.name from contact_note_mentions m
                          join user_profiles q on q.user_id = m.user_id
                         where m.organization_id = $1 and m.note_id = n.id order by q.name) as "mentioned!"
             from contact_notes n
             left join user_profiles p on p.user_id = n.author_id
            where n.organization_id = $1 and n.contact_id = $2
            order by n.id desc
            limit 200"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    (contact, note): (ContactId, NoteId),
    body: &str,
    by: Author,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_notes (organization_id, id, contact_id, body, author_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        org,
        note as NoteId,
        contact as ContactId,
        body,
        by.id,
        by.at,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a note of this person's own, and says whether there is one.
pub(super) async fn change(
    tx: &mut OrgTx,
    (contact, note): (ContactId, NoteId),
    body: &str,
    by: Author,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contact_notes set body = $5, updated_at = $6
          where organization_id = $1 and contact_id = $2 and id = $3 and author_id = $4",
        org,
        contact as ContactId,
        note as NoteId,
        by.id,
        body,
        by.at,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a note of this person's own, and says whether there was one.
pub(super) async fn delete(
    tx: &mut OrgTx,
    (contact, note): (ContactId, NoteId),
    by: Uuid,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "delete from contact_notes where organization_id = $1 and contact_id = $2 and id = $3 and author_id = $4",
        org,
        contact as ContactId,
        note as NoteId,
        by,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets whom it called on, but for these.
pub(super) async fn forget_others(tx: &mut OrgTx, note: NoteId, whom: &[Uuid]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_note_mentions where organization_id = $1 and note_id = $2 and user_id <> all($3)",
        org,
        note as NoteId,
        whom,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps that it calls on these, and gives those of whom that is new.
pub(super) async fn mention(
    tx: &mut OrgTx,
    note: NoteId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into contact_note_mentions (organization_id, note_id, user_id, mentioned_at)
         select $1, $2, m.user_id, $4 from organization_members m
          where m.organization_id = $1 and m.user_id = any($3) and m.status = 'active'
         on conflict do nothing
         returning user_id",
        org,
        note as NoteId,
        whom,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Who wrote these notes, and what.
pub(super) async fn bodies(tx: &mut OrgTx, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, (String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select n.id, n.body, coalesce(p.name, 'somebody who left') as "author!" from contact_notes n
             left join user_profiles p on p.user_id = n.author_id
            where n.organization_id = $1 and n.id = any($2)"#,
        org,
        ids,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, (row.author, row.body))).collect())
}
