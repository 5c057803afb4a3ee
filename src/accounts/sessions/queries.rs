//! All SQL of the list of sessions.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;

use super::SignedIn;
use crate::{accounts::UserId, db::Db};

/// The living sessions of a person, the latest seen first. `this` is the hash of the one that asks.
pub(super) async fn of_user(
    db: &Db,
    user: UserId,
    this: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<SignedIn>> {
    let rows = sqlx::query!(
        "select id_hash, device, address, created_at, seen_at
           from web_sessions
          where user_id = $1 and expires_at > $2
          order by id_hash = $3 desc, seen_at desc
          limit 100",
        user as UserId,
        now,
        this,
    )
    .fetch_all(&mut *db.connection().await?)
    .await?;
    let signed_in = rows.into_iter().map(|row| SignedIn {
        key: HEXLOWER.encode(&row.id_hash),
        device: row.device,
        address: row.address,
        created_at: row.created_at,
        seen_at: row.seen_at,
        is_this: row.id_hash == this,
    });
    Ok(signed_in.collect())
}

/// Ends one session of the person's. `false` when there is none of that name.
pub(super) async fn delete(db: &Db, user: UserId, id_hash: &[u8]) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("delete from web_sessions where user_id = $1 and id_hash = $2", user as UserId, id_hash)
            .execute(&mut *db.connection().await?)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of the person's but `this`.
pub(super) async fn delete_others(db: &Db, user: UserId, this: &[u8]) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from web_sessions where user_id = $1 and id_hash <> $2", user as UserId, this)
            .execute(&mut *db.connection().await?)
            .await?;
    Ok(done.rows_affected())
}
