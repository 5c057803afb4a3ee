//! All SQL of resetting a password.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    accounts::{UserId, queries},
    db::Db,
    email_address::EmailAddress,
};

pub(super) struct Recipient {
    pub id: UserId,
    pub email: String,
    pub name: String,
}

/// The person with this address, unless disabled.
pub(super) async fn recipient(db: &Db, email: &EmailAddress) -> sqlx::Result<Option<Recipient>> {
    sqlx::query_as!(
        Recipient,
        r#"select u.id as "id: UserId", u.email, p.name
             from users u
             join user_profiles p on p.user_id = u.id
            where u.email = $1 and u.disabled_at is null"#,
        email.as_str(),
    )
    .fetch_optional(&mut *db.connection().await?)
    .await
}

/// Sets the password and ends every session and every link of the person.
pub async fn set_password(
    conn: &mut PgConnection,
    user: UserId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update users set password_hash = $2 where id = $1", user as UserId, password_hash)
        .execute(&mut *conn)
        .await?;
    queries::end_sessions(conn, user, now).await
}
