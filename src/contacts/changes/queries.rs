//! The SQL of changes: each, whom it is about, and how far it came.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Change, ChangeId};
use crate::tenancy::OrgTx;

/// What is kept of a new change.
pub(super) struct NewChange<'a> {
    pub id: ChangeId,
    pub kind: &'a str,
    pub target: &'a str,
    pub target_name: &'a str,
    pub by: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// With nobody yet.
pub(super) async fn insert(tx: &mut OrgTx, new: &NewChange<'_>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_changes (organization_id, id, kind, target, target_name, people, created_by, created_at)
         values ($1, $2, $3, $4, left($5, 200), 0, $6, $7)",
        org,
        new.id as ChangeId,
        new.kind,
        new.target,
        new.target_name,
        new.by,
        new.now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Settles that it is about those of these who are there.
pub(super) async fn choose(tx: &mut OrgTx, id: ChangeId, whom: &[Uuid]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_change_pieces (organization_id, change_id, piece, whom)
         select $1, $2::uuid, (n.nth - 1) / 1000, array_agg(n.id order by n.nth)
           from (select c.id, row_number() over (order by c.id) as nth from contacts c
                  where c.organization_id = $1 and c.id = any ($3) and c.merged_into is null) n
          group by 3",
        org,
        id as ChangeId,
        whom,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Counts whom it is about.
pub(super) async fn count(tx: &mut OrgTx, id: ChangeId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update contact_changes
            set people = (select coalesce(sum(cardinality(whom)), 0) from contact_change_pieces
                           where organization_id = $1 and change_id = $2)
          where organization_id = $1 and id = $2
        returning people",
        org,
        id as ChangeId,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn find(tx: &mut OrgTx, id: ChangeId) -> sqlx::Result<Option<Change>> {
    let org = tx.org();
    sqlx::query_as!(
        Change,
        r#"select c.id as "id: ChangeId", c.kind, c.target, c.target_name, c.status, c.people, c.done, c.changed,
                  c.returned, c.kept, c.piece, c.after_contact, c.last_error, c.created_by, p.name as "by?", c.created_at,
                  c.finished_at
             from contact_changes c left join user_profiles p on p.user_id = c.created_by
            where c.organization_id = $1 and c.id = $2"#,
        org,
        id as ChangeId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The same while it has this status; until the transaction ends, nobody else moves it.
pub(super) async fn take(tx: &mut OrgTx, id: ChangeId, status: &str) -> sqlx::Result<Option<Change>> {
    let org = tx.org();
    sqlx::query_as!(
        Change,
        r#"select c.id as "id: ChangeId", c.kind, c.target, c.target_name, c.status, c.people, c.done, c.changed,
                  c.returned, c.kept, c.piece, c.after_contact, c.last_error, c.created_by, p.name as "by?", c.created_at,
                  c.finished_at
             from contact_changes c left join user_profiles p on p.user_id = c.created_by
            where c.organization_id = $1 and c.id = $2 and c.status = $3
              for update of c"#,
        org,
        id as ChangeId,
        status,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The newest first, but for those that nobody began.
pub(super) async fn recent(tx: &mut OrgTx) -> sqlx::Result<Vec<Change>> {
    let org = tx.org();
    sqlx::query_as!(
        Change,
        r#"select c.id as "id: ChangeId", c.kind, c.target, c.target_name, c.status, c.people, c.done, c.changed,
                  c.returned, c.kept, c.piece, c.after_contact, c.last_error, c.created_by, p.name as "by?", c.created_at,
                  c.finished_at
             from contact_changes c left join user_profiles p on p.user_id = c.created_by
            where c.organization_id = $1 and c.status <> 'asked'
            order by c.id desc limit 50"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// A piece of those whom it is about; nothing behind the last.
pub(super) async fn piece(tx: &mut OrgTx, id: ChangeId, piece: i32) -> sqlx::Result<Option<Vec<Uuid>>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select whom from contact_change_pieces where organization_id = $1 and change_id = $2 and piece = $3",
        org,
        id as ChangeId,
        piece,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The next of those whom it changed.
pub(super) async fn changed(
    tx: &mut OrgTx,
    id: ChangeId,
    (after, most): (Uuid, i64),
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select contact_id from contact_change_people
          where organization_id = $1 and change_id = $2 and contact_id > $3
          order by contact_id limit $4",
        org,
        id as ChangeId,
        after,
        most,
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes down that a piece is done.
pub(super) async fn advance(
    tx: &mut OrgTx,
    id: ChangeId,
    (done, changed): (usize, usize),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_changes set piece = piece + 1, done = done + $3, changed = changed + $4
          where organization_id = $1 and id = $2",
        org,
        id as ChangeId,
        i64::try_from(done).unwrap_or(i64::MAX),
        i64::try_from(changed).unwrap_or(i64::MAX),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes down how far taking it back came.
pub(super) async fn go_back(
    tx: &mut OrgTx,
    id: ChangeId,
    last: Option<Uuid>,
    (returned, kept): (usize, usize),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_changes
            set after_contact = coalesce($3, after_contact), returned = returned + $4, kept = kept + $5
          where organization_id = $1 and id = $2",
        org,
        id as ChangeId,
        last,
        i64::try_from(returned).unwrap_or(i64::MAX),
        i64::try_from(kept).unwrap_or(i64::MAX),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// From one of these on to another; `false` when it does not stand there.
pub(super) async fn step(
    tx: &mut OrgTx,
    id: ChangeId,
    (from, to): (&[&str], &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let from: Vec<String> = from.iter().map(|one| (*one).to_owned()).collect();
    let moved = sqlx::query!(
        "update contact_changes
            set status = $4, last_error = '',
                finished_at = case when $4 in ('done', 'stopped') then $5 else finished_at end,
                undone_at = case when $4 = 'undone' then $5 else undone_at end,
                after_contact = case when $4 = 'undoing' and status <> 'undo_failed' then null else after_contact end
          where organization_id = $1 and id = $2 and status = any ($3)",
        org,
        id as ChangeId,
        &from,
        to,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(moved.rows_affected() > 0)
}

pub(super) async fn fail(tx: &mut OrgTx, id: ChangeId, why: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let (org, why) = (tx.org(), why.chars().take(2000).collect::<String>());
    sqlx::query!(
        "update contact_changes
            set status = case status when 'running' then 'failed' else 'undo_failed' end, last_error = $3,
                finished_at = $4
          where organization_id = $1 and id = $2 and status in ('running', 'undoing')",
        org,
        id as ChangeId,
        why,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets whom it was about, and the change itself where nobody began it.
pub(super) async fn forget(tx: &mut OrgTx, id: ChangeId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_change_people where organization_id = $1 and change_id = $2",
        org,
        id as ChangeId,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "delete from contact_change_pieces where organization_id = $1 and change_id = $2",
        org,
        id as ChangeId,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "delete from contact_changes where organization_id = $1 and id = $2 and status = 'asked'",
        org,
        id as ChangeId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
