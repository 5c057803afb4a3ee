//! All SQL of exports.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Export, ExportId};
use crate::tenancy::OrgTx;

/// Where the writing stands.
pub(super) struct Place {
    pub view: String,
    pub has_view_columns: bool,
    pub after: Option<Uuid>,
    pub pieces: i32,
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ExportId,
    (view, has_view_columns, people): (&str, bool, i64),
    (user, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into exports (organization_id, id, view, people, created_by, created_at, has_view_columns)
         values ($1, $2, $3, $4, $5, $6, $7)",
        org,
        id as ExportId,
        view,
        people,
        user,
        now,
        has_view_columns,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut OrgTx, id: ExportId) -> sqlx::Result<Option<Export>> {
    let org = tx.org();
    sqlx::query_as!(
        Export,
        r#"select id as "id: ExportId", status, view, has_view_columns, people, done, size_bytes, last_error, created_at, finished_at,
                  expires_at
             from exports where organization_id = $1 and id = $2"#,
        org,
        id as ExportId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The newest first.
pub(super) async fn recent(tx: &mut OrgTx) -> sqlx::Result<Vec<Export>> {
    let org = tx.org();
    sqlx::query_as!(
        Export,
        r#"select id as "id: ExportId", status, view, has_view_columns, people, done, size_bytes, last_error, created_at, finished_at,
                  expires_at
             from exports where organization_id = $1 order by id desc limit 50"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Where the writing goes on, for as long as it is wanted; nobody else writes on it meanwhile.
pub(super) async fn place(tx: &mut OrgTx, id: ExportId) -> sqlx::Result<Option<Place>> {
    let org = tx.org();
    sqlx::query_as!(
        Place,
        r#"select view, has_view_columns, after_contact as after, pieces from exports
            where organization_id = $1 and id = $2 and status = 'running' for update"#,
        org,
        id as ExportId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Puts a piece behind the others, with how many are in it and who is the last.
pub(super) async fn add_piece(
    tx: &mut OrgTx,
    id: ExportId,
    (piece, bytes): (i32, &[u8]),
    (count, last): (usize, Option<Uuid>),
) -> sqlx::Result<()> {
    let (org, count) = (tx.org(), i64::try_from(count).unwrap_or(i64::MAX));
    sqlx::query!(
        "insert into export_pieces (organization_id, export_id, piece, bytes) values ($1, $2, $3, $4)",
        org,
        id as ExportId,
        piece,
        bytes,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update exports set pieces = $3 + 1, done = done + $4, size_bytes = size_bytes + $5, after_contact = $6
          where organization_id = $1 and id = $2",
        org,
        id as ExportId,
        piece,
        count,
        i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        last,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn piece(tx: &mut OrgTx, id: ExportId, piece: i32) -> sqlx::Result<Option<Vec<u8>>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select bytes from export_pieces where organization_id = $1 and export_id = $2 and piece = $3",
        org,
        id as ExportId,
        piece,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn finish(
    tx: &mut OrgTx,
    id: ExportId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update exports set status = 'done', finished_at = $3, expires_at = $4, last_error = ''
          where organization_id = $1 and id = $2",
        org,
        id as ExportId,
        now,
        expires_at,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn fail(tx: &mut OrgTx, id: ExportId, why: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let (org, why) = (tx.org(), why.chars().take(2000).collect::<String>());
    sqlx::query!(
        "update exports set status = 'failed', last_error = $3, finished_at = $4
          where organization_id = $1 and id = $2 and status = 'running'",
        org,
        id as ExportId,
        why,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// From one of these on to another; `false` when it does not stand there.
pub(super) async fn step(tx: &mut OrgTx, id: ExportId, (from, to): (&[&str], &str)) -> sqlx::Result<bool> {
    let org = tx.org();
    let from: Vec<String> = from.iter().map(|one| (*one).to_owned()).collect();
    let moved = sqlx::query!(
        "update exports set status = $4 where organization_id = $1 and id = $2 and status = any ($3)",
        org,
        id as ExportId,
        &from,
        to,
    )
    .execute(tx.conn())
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Takes away what the file held; that there was one stays known.
pub(super) async fn forget(tx: &mut OrgTx, id: ExportId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from export_pieces where organization_id = $1 and export_id = $2",
        org,
        id as ExportId
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update exports set status = 'expired' where organization_id = $1 and id = $2",
        org,
        id as ExportId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
