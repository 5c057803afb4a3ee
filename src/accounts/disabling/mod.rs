//! Shutting somebody out of the installation as a whole, and letting them in again.

mod queries;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{UserId, queries::end_sessions};

/// Shuts the person out from their next request on. Whatever they were signed in with stays over when they
/// are let in again: their epoch grows and their sessions go in the same transaction. `false` when they
/// are shut out already, or nobody.
pub async fn disable(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let is_done = queries::disable(conn, user, now).await?;
    if is_done {
        end_sessions(conn, user, now).await?;
    }
    Ok(is_done)
}

/// Lets the person sign in again. `false` when they may already, or are nobody.
pub async fn enable(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    queries::enable(conn, user, now).await
}

/// The person with this address, for commands that name one.
pub async fn find(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<(UserId, String)>> {
    queries::find(conn, email).await
}
