//! All SQL of shutting people out.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::accounts::UserId;

pub(super) async fn disable(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set disabled_at = $2, updated_at = $2 where id = $1 and disabled_at is null",
        user as UserId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn enable(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set disabled_at = null, updated_at = $2 where id = $1 and disabled_at is not null",
        user as UserId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Id and name.
pub(super) async fn find(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<(UserId, String)>> {
    let row = sqlx::query!(
        r#"select u.id as "id: UserId", p.name from users u join user_profiles p on p.user_id = u.id
            where u.email = $1"#,
        email,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.name)))
}
