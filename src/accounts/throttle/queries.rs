//! All SQL of the limits.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::types::PgInterval;

use crate::db::Db;

/// Charges one attempt. When there is no room, charges nothing and gives the time at which the bucket is
/// empty. One statement, so that of many attempts at once only as many pass as there is room for.
pub(super) async fn charge(
    db: &Db,
    bucket: &str,
    now: DateTime<Utc>,
    every: TimeDelta,
    room: TimeDelta,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let mut conn = db.connection().await?;
    let charged = sqlx::query_scalar!(
        "insert into throttles (bucket, empty_at) values ($1, $2::timestamptz + $3::interval)
         on conflict (bucket) do update
            set empty_at = greatest(throttles.empty_at, $2) + $3::interval
          where throttles.empty_at <= $2 + $4::interval
         returning empty_at",
        bucket,
        now,
        interval(every),
        interval(room),
    )
    .fetch_optional(&mut *conn)
    .await?;
    if charged.is_some() {
        return Ok(None);
    }
    let empty_at = sqlx::query_scalar!("select empty_at from throttles where bucket = $1", bucket);
    Ok(Some(empty_at.fetch_optional(&mut *conn).await?.unwrap_or(now)))
}

pub(super) async fn give_back(db: &Db, bucket: &str, every: TimeDelta) -> sqlx::Result<()> {
    sqlx::query!(
        "update throttles set empty_at = empty_at - $2::interval where bucket = $1",
        bucket,
        interval(every)
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

pub(super) async fn delete_empty(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from throttles where empty_at <= $1", now)
        .execute(&mut *db.connection().await?)
        .await?;
    Ok(done.rows_affected())
}

fn interval(delta: TimeDelta) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: delta.num_microseconds().unwrap_or(0) }
}
