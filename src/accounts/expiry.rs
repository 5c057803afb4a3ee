//! Sweeping out what has expired: sessions, mailed links, empty throttles.

use chrono::TimeDelta;

use super::{mailed_link, session_store::PgSessionStore, throttle};
use crate::web::App;

/// How long a used or expired link stays known, for whoever looks into what happened.
const KEEP_LINKS: TimeDelta = TimeDelta::days(7);

/// Run by the worker. Says how much was swept out.
pub async fn sweep(app: &App) -> sqlx::Result<u64> {
    let now = app.clock.now();
    let sessions = PgSessionStore::new(app.db.clone(), app.clock.clone()).delete_expired().await?;
    let links = mailed_link::queries::delete_expired(&app.db, now - KEEP_LINKS).await?;
    Ok(sessions + links + throttle::delete_empty(&app.db, now).await?)
}
