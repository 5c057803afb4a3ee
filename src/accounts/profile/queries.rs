//! All SQL of the profile.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{PreferencesForm, ProfileForm};
use crate::{accounts::UserId, db::Db};

pub(super) async fn save(
    db: &Db,
    user: UserId,
    profile: &ProfileForm,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update user_profiles
            set name = $2, title = $3, phone = $4, time_zone = $5, language = $6, updated_at = $7
          where user_id = $1",
        user as UserId,
        profile.name,
        profile.title,
        profile.phone,
        profile.time_zone,
        profile.language,
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

pub async fn set_title(conn: &mut PgConnection, user: UserId, title: &str) -> sqlx::Result<()> {
    sqlx::query!("update user_profiles set title = $2 where user_id = $1", user as UserId, title)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn save_preferences(
    db: &Db,
    user: UserId,
    preferences: &PreferencesForm,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update user_profiles set theme = $2, density = $3, shortcuts_on = $4, updated_at = $5 where user_id = $1",
        user as UserId,
        preferences.theme,
        preferences.density,
        preferences.shortcuts_on.is_some(),
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

pub(super) async fn save_avatar(
    db: &Db,
    user: UserId,
    image: &[u8],
    version: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into user_avatars (user_id, image, version, updated_at) values ($1, $2, $3, $4)
         on conflict (user_id) do update set image = excluded.image, version = excluded.version,
                                             updated_at = excluded.updated_at",
        user as UserId,
        image,
        version,
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

pub(super) async fn delete_avatar(db: &Db, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from user_avatars where user_id = $1", user as UserId)
        .execute(&mut *db.connection().await?)
        .await?;
    Ok(())
}

pub(super) async fn avatar(db: &Db, user: UserId, version: &str) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "select image from user_avatars where user_id = $1 and version = $2",
        user as UserId,
        version
    )
    .fetch_optional(&mut *db.connection().await?)
    .await
}
