//! All SQL of the second factor.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    accounts::{UserId, queries},
    db::Db,
};

pub(super) async fn secret(db: &Db, user: UserId) -> sqlx::Result<Option<Vec<u8>>> {
    let secret = sqlx::query_scalar!(
        "select totp_secret from users where id = $1 and totp_enabled_at is not null",
        user as UserId
    );
    Ok(secret.fetch_optional(&mut *db.connection().await?).await?.flatten())
}

/// Remembers the step of a code. `false` when it, or a later one, was taken before.
pub(super) async fn take_step(db: &Db, user: UserId, step: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set totp_last_step = $2
          where id = $1 and (totp_last_step is null or totp_last_step < $2)",
        user as UserId,
        step,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up a recovery code. `false` when there is no such unused one.
pub(super) async fn use_recovery_code(
    db: &Db,
    user: UserId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null",
        user as UserId,
        hash,
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Turns it on, and ends every session: whoever was in without it must prove it now.
pub(super) async fn turn_on(
    conn: &mut PgConnection,
    user: UserId,
    sealed: &[u8],
    step: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users
            set totp_secret = $2, totp_last_step = $3, totp_enabled_at = $4
          where id = $1",
        user as UserId,
        sealed,
        step,
        now,
    )
    .execute(&mut *conn)
    .await?;
    queries::end_sessions(conn, user, now).await
}

pub(super) async fn turn_off(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set totp_secret = null, totp_last_step = null, totp_enabled_at = null where id = $1",
        user as UserId,
    )
    .execute(&mut *conn)
    .await?;
    queries::end_sessions(conn, user, now).await?;
    replace_recovery_codes(conn, user, &[]).await
}

pub(super) async fn replace_recovery_codes(
    conn: &mut PgConnection,
    user: UserId,
    hashes: &[Vec<u8>],
) -> sqlx::Result<()> {
    sqlx::query!("delete from recovery_codes where user_id = $1", user as UserId).execute(&mut *conn).await?;
    sqlx::query!(
        "insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])",
        user as UserId,
        hashes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn recovery_codes_left(db: &Db, user: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes where user_id = $1 and used_at is null"#,
        user as UserId
    )
    .fetch_one(&mut *db.connection().await?)
    .await
}
