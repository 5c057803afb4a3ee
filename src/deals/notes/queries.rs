//! The SQL of notes.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Note, NoteId};
use crate::{deals::DealId, tenancy::OrgTx};

/// The notes about a deal, the last one first.
pub(super) async fn of_deal(tx: &mut OrgTx, deal: DealId) -> sqlx::Result<Vec<Note>> {
    let org = tx.org();
    sqlx::query_as!(
        Note,
        r#"select n.id, n.body, n.author_id, p.name as "author?", n.created_at, n.updated_at
             from deal_notes n
             left join user_profiles p on p.user_id = n.author_id
            where n.organization_id = $1 and n.deal_id = $2
            order by n.created_at desc, n.id desc
            limit 200"#,
        org,
        deal as DealId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    deal: DealId,
    body: &str,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into deal_notes (organization_id, id, deal_id, body, author_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        org,
        NoteId::new() as NoteId,
        deal as DealId,
        body,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a note of this person's own, and says whether there is one.
pub(super) async fn change(
    tx: &mut OrgTx,
    (deal, note): (DealId, NoteId),
    body: &str,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update deal_notes set body = $5, updated_at = $6
          where organization_id = $1 and deal_id = $2 and id = $3 and author_id = $4",
        org,
        deal as DealId,
        note as NoteId,
        by,
        body,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a note of this person's own, and says whether there was one.
pub(super) async fn delete(tx: &mut OrgTx, (deal, note): (DealId, NoteId), by: Uuid) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "delete from deal_notes where organization_id = $1 and deal_id = $2 and id = $3 and author_id = $4",
        org,
        deal as DealId,
        note as NoteId,
        by,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
