//! All SQL of signing in.

use crate::{
    accounts::user::{User, UserId, UserRow},
    db::Db,
    email_address::EmailAddress,
};

/// Somebody, with what their password is checked against.
pub(super) struct Found {
    pub user: User,
    pub password_hash: String,
}

/// The person with this address, unless disabled.
pub(super) async fn by_email(db: &Db, email: &EmailAddress) -> sqlx::Result<Option<Found>> {
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
            where u.email = $1 and u.disabled_at is null"#,
        email.as_str(),
    )
    .fetch_optional(&mut *db.connection().await?)
    .await?;
    Ok(row.map(|row| Found { password_hash: row.password_hash.clone(), user: row.into() }))
}

pub(super) async fn password_hash(db: &Db, user: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select password_hash from users where id = $1 and disabled_at is null",
        user as UserId
    )
    .fetch_optional(&mut *db.connection().await?)
    .await
}
