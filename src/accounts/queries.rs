//! The SQL that every request needs. What one noun alone needs stands in that noun's own queries.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::user::{User, UserId, UserRow};
use crate::db::Db;

/// The person, unless disabled or gone.
pub(super) async fn enabled_user(db: &Db, id: UserId) -> sqlx::Result<Option<User>> {
    find(&mut *db.connection().await?, id).await
}

/// The person, in the transaction that made or changed them.
pub(super) async fn user_in(conn: &mut PgConnection, id: UserId) -> sqlx::Result<User> {
    find(conn, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// Ends every session of the person, every half of signing in and every link sent to them: whatever
/// changes how somebody signs in calls this in its transaction.
pub(super) async fn end_sessions(
    conn: &mut PgConnection,
    id: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set auth_epoch = auth_epoch + 1, updated_at = $2 where id = $1",
        id as UserId,
        now
    )
    .execute(&mut *conn)
    .await?;
    // The epoch alone shuts them out; without their rows, open pages learn of it and the list is right.
    sqlx::query!("delete from web_sessions where user_id = $1", id as UserId).execute(conn).await?;
    Ok(())
}

async fn find(conn: &mut PgConnection, id: UserId) -> sqlx::Result<Option<User>> {
    let row = sqlx::query_as!(
        UserRow,
        r#"select u.id, u.email, u.password_hash, u.auth_epoch, u.totp_enabled_at, u.created_at,
                  p.name, p.title, p.phone, p.time_zone, p.language, p.theme, p.density, p.shortcuts_on,
                  a.version as "avatar_version?",
                  app.platform_permissions(u.id) <> '{}' as "has_platform_role!",
                  app.unread_notices(u.id) as "unread!"
             from users u
             join user_profiles p on p.user_id = u.id
             left join user_avatars a on a.user_id = u.id
            where u.id = $1 and u.disabled_at is null"#,
        id as UserId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(User::from))
}
