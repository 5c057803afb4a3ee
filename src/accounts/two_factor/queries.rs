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

/// Secrets that do not begin with this prefix, by person.
pub(super) async fn sealed_with_another(
    db: &Db,
    prefix: &[u8],
    after: UserId,
    at_most: i64,
) -> sqlx::Result<Vec<(UserId, Vec<u8>)>> {
    let rows = sqlx::query!(
        r#"select id as "id: UserId", totp_secret as "totp_secret!" from users
            where totp_secret is not null and substring(totp_secret from 1 for length($1::bytea)) <> $1::bytea and id > $2
            order by id
            limit $3"#,
        prefix,
        after as UserId,
        at_most,
    )
    .fetch_all(&mut *db.connection().await?)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.totp_secret)).collect())
}

/// Puts the same secret, sealed anew, in place of `former`. `false` when it was changed meanwhile.
pub(super) async fn reseal(db: &Db, user: UserId, former: &[u8], fresh: &[u8]) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set totp_secret = $3 where id = $1 and totp_secret = $2",
        user as UserId,
        former,
        fresh,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The names of the master keys that secrets are sealed with, and how many each; none for those that were
/// sealed before keys had names.
pub async fn master_keys(db: &Db) -> sqlx::Result<Vec<(Option<Vec<u8>>, i64)>> {
    let rows = sqlx::query!(
        r#"select case when substring(totp_secret from 1 for 1) = '\x02'
                       then substring(totp_secret from 2 for 8) end as key_id, count(*) as "sealed!"
             from users where totp_secret is not null group by 1"#
    )
    .fetch_all(&mut *db.connection().await?)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key_id, row.sealed)).collect())
}
