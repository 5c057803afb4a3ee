//! `groundswell create-owner`: a person and a workspace that they own, on an installation nobody can sign up to.

use std::process::ExitCode;

use super::{cli, database::Database, fitness};
use crate::{config::Config, web::App};

pub(super) async fn run(config: Config, who: &cli::CreateOwner) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match fitness::prepare(&database, &app).await {
        Ok(()) => create(&app, who).await,
        Err(unfit) => Err(fitness::as_error(unfit)),
    };
    app.db.pool().close().await;
    database.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn create(app: &App, who: &cli::CreateOwner) -> anyhow::Result<()> {
    let _ = (app, who);
    anyhow::bail!("This build cannot make people yet.")
}
