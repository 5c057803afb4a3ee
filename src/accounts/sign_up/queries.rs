//! All SQL of signing up.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{accounts::UserId, db::Db, email_address::EmailAddress};

/// Makes a person with a proven address. `None` when the address has an account.
pub async fn create(
    conn: &mut PgConnection,
    email: &EmailAddress,
    name: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<UserId>> {
    let id = sqlx::query_scalar!(
        r#"insert into users (id, email, password_hash, created_at, updated_at)
           values ($1, $2, $3, $4, $4)
           on conflict (email) do nothing
           returning id as "id: UserId""#,
        UserId::new() as UserId,
        email.as_str(),
        password_hash,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = id {
        sqlx::query!(
            "insert into user_profiles (user_id, name, updated_at) values ($1, $2, $3)",
            id as UserId,
            name,
            now
        )
        .execute(conn)
        .await?;
    }
    Ok(id)
}

pub(super) async fn has_account(db: &Db, email: &EmailAddress) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select 1 from users where email = $1) as "has!""#, email.as_str())
        .fetch_one(&mut *db.connection().await?)
        .await
}
