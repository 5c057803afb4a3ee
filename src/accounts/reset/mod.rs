//! A new password for whoever has lost theirs and still reads their mail.
//!
//! The link is sent to the address that is stored, never to one that was typed; it works once.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub use queries::set_password;

use super::{
    User,
    mailed_link::{self, Kind},
};
use crate::{crypto::Token, web::Result};

/// Uses the link up and sets the password. `None` when the link is no longer good.
async fn complete(
    conn: &mut PgConnection,
    token: &Token,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<User>> {
    let link = mailed_link::queries::consume(conn, Kind::Reset, token, now).await?;
    let Some(user) = link.and_then(|link| link.user_id) else { return Ok(None) };
    queries::set_password(conn, user, password_hash, now).await?;
    Ok(Some(super::queries::user_in(conn, user).await?))
}
