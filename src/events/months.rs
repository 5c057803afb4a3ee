//! A table for each month, made ahead and dropped in time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::queries;
use crate::{
    jobs::{AtWork, Failure, Job},
    web::App,
};

/// How many months of what happened are kept.
pub const KEEP: i32 = 25;

/// How often a month is tried that somebody reads, and how long it is left alone in between.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);
/// When it is tried again after that.
const LATER: Duration = Duration::from_secs(15 * 60);

/// Makes the months that are missing, up to three ahead. At every start and once a day.
pub async fn ensure(app: &App) -> sqlx::Result<i32> {
    queries::ensure_months(&app.db).await
}

/// Looks after the months of the log.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct KeepMonths;

impl Job for KeepMonths {
    const KIND: &'static str = "events.months";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        let made = ensure(&app).await?;
        let (gone, is_done) = retire(&app).await?;
        if made + gone > 0 {
            tracing::info!("Made {made} months of the log and dropped {gone}");
        }
        if is_done { Ok(()) } else { Err(Failure::NotYet(LATER)) }
    }
}

/// Drops what is old, a month at a time: nobody who writes waits for longer than a moment. Gives how many, and whether
/// that were all; while somebody reads the log for long, the rest waits.
async fn retire(app: &App) -> sqlx::Result<(i32, bool)> {
    let (mut gone, mut refused) = (0, 0);
    while refused < TRIES {
        match queries::retire_month(&app.db, KEEP).await? {
            0 => return Ok((gone, true)),
            1 => gone += 1,
            _ => {
                refused += 1;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    Ok((gone, false))
}
