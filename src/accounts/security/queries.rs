//! All SQL of changing an address.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    accounts::{UserId, queries},
    email_address::EmailAddress,
};

pub(super) async fn is_free(conn: &mut PgConnection, email: &EmailAddress) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select not exists (select 1 from users where email = $1) as "is_free!""#,
        email.as_str()
    )
    .fetch_one(conn)
    .await
}

/// Sets the address and ends every session. `false` when somebody else has it by now.
pub(super) async fn set_email(
    conn: &mut PgConnection,
    user: UserId,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users set email = $2 where id = $1 and not exists (select 1 from users where email = $2)",
        user as UserId,
        email.as_str(),
    )
    .execute(&mut *conn)
    .await;
    let done = match done {
        // Somebody proved the same address at the same moment.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(false),
        done => done?,
    };
    if done.rows_affected() == 1 {
        queries::end_sessions(conn, user, now).await?;
    }
    Ok(done.rows_affected() == 1)
}
