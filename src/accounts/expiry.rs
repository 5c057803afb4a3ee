//! Sweeping out what has expired: sessions, mailed links, empty throttles.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{mailed_link, session_store::PgSessionStore, throttle};
use crate::{
    jobs::{AtWork, Failure, Job},
    web::App,
};

/// How long a used or expired link stays known, for whoever looks into what happened.
const KEEP_LINKS: TimeDelta = TimeDelta::days(7);

/// Sweeps, again and again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Sweep;

impl Job for Sweep {
    const KIND: &'static str = "accounts.sweep";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        sweep(&app).await?;
        Ok(())
    }
}

/// Says how much was swept out.
pub async fn sweep(app: &App) -> sqlx::Result<u64> {
    let now = app.clock.now();
    let sessions = PgSessionStore::new(app.db.clone(), app.clock.clone()).delete_expired().await?;
    let links = mailed_link::queries::delete_expired(&app.db, now - KEEP_LINKS).await?;
    Ok(sessions + links + throttle::delete_empty(&app.db, now).await?)
}
