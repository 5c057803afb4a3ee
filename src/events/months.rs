//! A table for each month, made ahead and dropped in time.

use serde::{Deserialize, Serialize};

use super::queries;
use crate::{
    jobs::{AtWork, Failure, Job},
    web::App,
};

/// How many months of what happened are kept.
pub const KEEP: i32 = 25;

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
        let gone = queries::retire_months(&app.db, KEEP).await?;
        if made + gone > 0 {
            tracing::info!("Made {made} months of the log and dropped {gone}");
        }
        Ok(())
    }
}
