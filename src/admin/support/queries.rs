//! All SQL of support grants, each inside the organization that is looked at.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Asked, Grant};
use crate::{accounts::User, tenancy::OrgTx};

/// How many grants are shown.
const SHOWN: i64 = 100;

pub(super) async fn insert(
    tx: &mut OrgTx,
    who: &User,
    asked: &Asked,
    now: DateTime<Utc>,
) -> sqlx::Result<Grant> {
    let org = tx.org();
    sqlx::query_as!(
        Grant,
        "insert into support_grants
             (organization_id, id, user_id, user_name, reason, is_read_only, starts_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         returning id, user_id, user_name, reason, is_read_only, starts_at, ends_at, ended_at, ended_by",
        org,
        Uuid::now_v7(),
        who.id.0,
        who.name,
        asked.reason,
        asked.is_read_only,
        now,
        now + asked.lasts,
    )
    .fetch_one(tx.conn())
    .await
}

/// The grants of this organization, the newest first.
pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Grant>> {
    let org = tx.org();
    sqlx::query_as!(
        Grant,
        "select id, user_id, user_name, reason, is_read_only, starts_at, ends_at, ended_at, ended_by
           from support_grants
          where organization_id = $1
          order by starts_at desc, id
          limit $2",
        org,
        SHOWN,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn find(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Option<Grant>> {
    let org = tx.org();
    sqlx::query_as!(
        Grant,
        "select id, user_id, user_name, reason, is_read_only, starts_at, ends_at, ended_at, ended_by
           from support_grants
          where organization_id = $1 and id = $2",
        org,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// `false` when it does not last any more.
pub(super) async fn end(tx: &mut OrgTx, id: Uuid, by: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update support_grants set ended_at = $4, ended_by = left($3, 200)
          where organization_id = $1 and id = $2 and ended_at is null and ends_at > $4",
        org,
        id,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down that it ended when its time was over. `false` when that is written down.
pub(super) async fn expire(tx: &mut OrgTx, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update support_grants set ended_at = ends_at
          where organization_id = $1 and id = $2 and ended_at is null and ends_at <= $3",
        org,
        id,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
