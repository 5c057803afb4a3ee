//! Sweeping out what has expired: sessions, mailed links, empty throttles.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::session_store::PgSessionStore;
use crate::web::App;

/// How long a used or expired link stays known, so that its holder can be told what happened to it.
const KEEP_LINKS: TimeDelta = TimeDelta::days(7);

/// Run by the worker. Says how much was swept out.
pub async fn sweep(app: &App) -> sqlx::Result<u64> {
    let now = app.clock.now();
    let sessions = PgSessionStore::new(app.db.clone(), app.clock.clone()).delete_expired().await?;
    let mut conn = app.db.connection().await?;
    Ok(sessions + delete_links(&mut conn, now - KEEP_LINKS).await? + delete_throttles(&mut conn, now).await?)
}

async fn delete_links(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from mailed_links where expires_at < $1", before).execute(conn).await?;
    Ok(done.rows_affected())
}

/// A bucket that is empty limits nobody.
async fn delete_throttles(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from throttles where empty_at < $1", now).execute(conn).await?;
    Ok(done.rows_affected())
}
