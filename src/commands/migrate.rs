//! `groundswell migrate`: the roles, and every migration that is missing.

use std::process::ExitCode;

use anyhow::bail;

use super::{database::Database, print};
use crate::{config::Config, db::migrate};

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let done = match &database.owner {
        Some(owner) => {
            migrate::migrate(owner, database.app_password.as_deref()).await.map_err(anyhow::Error::from)
        }
        None => {
            bail!(
                "Set DATABASE_OWNER_URL to the same database as a role that may migrate it, and run this again."
            )
        }
    };
    database.close().await;
    done?;
    print::line("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
