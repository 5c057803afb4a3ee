//! All SQL of mailed links.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Kind, Link, NewLink};
use crate::{
    accounts::UserId,
    crypto::{Token, token::TokenHash},
    db::Db,
};

/// A link of a person's is bound to their epoch: it outlives no change of how they sign in.
pub(super) async fn insert(
    conn: &mut PgConnection,
    new: &NewLink<'_>,
    hash: &TokenHash,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mailed_links
            (token_hash, kind, user_id, email, name, workspace_name, auth_epoch, created_at, expires_at, workspace_kind)
         values ($1, $2, $3, $4, $5, $6, (select auth_epoch from users where id = $3), $7, $8, $9)",
        hash.as_slice(),
        new.kind.as_str(),
        new.user as Option<UserId>,
        new.email.as_str(),
        new.name,
        new.workspace_name,
        now,
        now + new.kind.lasts(),
        new.workspace_kind,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The link while it is good.
pub(in crate::accounts) async fn find(
    db: &Db,
    kind: Kind,
    token: &Token,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Link>> {
    let hash = token.hash();
    sqlx::query_as!(
        Link,
        r#"select l.user_id as "user_id: UserId", l.email, l.name, l.workspace_name, l.workspace_kind
             from mailed_links l
             left join users u on u.id = l.user_id
            where l.token_hash = $1 and l.kind = $2 and l.used_at is null and l.expires_at > $3
              and (l.user_id is null or (u.auth_epoch = l.auth_epoch and u.disabled_at is null))"#,
        hash.as_slice(),
        kind.as_str(),
        now,
    )
    .fetch_optional(&mut *db.connection().await?)
    .await
}

/// Uses the link up, and gives what it stood for: to one of however many ask at once.
pub(in crate::accounts) async fn consume(
    conn: &mut PgConnection,
    kind: Kind,
    token: &Token,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Link>> {
    let hash = token.hash();
    sqlx::query_as!(
        Link,
        r#"update mailed_links l set used_at = $3
            where l.token_hash = $1 and l.kind = $2 and l.used_at is null and l.expires_at > $3
              and (l.user_id is null
                   or exists (select 1 from users u
                               where u.id = l.user_id and u.auth_epoch = l.auth_epoch and u.disabled_at is null))
           returning l.user_id as "user_id: UserId", l.email, l.name, l.workspace_name, l.workspace_kind"#,
        hash.as_slice(),
        kind.as_str(),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Forgets links that expired before that.
pub(in crate::accounts) async fn delete_expired(db: &Db, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from mailed_links where expires_at < $1", before)
        .execute(&mut *db.connection().await?)
        .await?;
    Ok(done.rows_affected())
}
