//! `groundswell grant-platform-admin`: somebody who looks after the installation.

use std::process::ExitCode;

use super::{cli, database::Database, fitness, print};
use crate::{admin::staff, config::Config, web::App};

pub(super) async fn run(config: Config, who: &cli::GrantPlatformAdmin) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match fitness::prepare(&database, &app).await {
        Ok(()) => grant(&app, who).await,
        Err(unfit) => Err(fitness::as_error(unfit)),
    };
    app.close().await;
    database.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn grant(app: &App, who: &cli::GrantPlatformAdmin) -> anyhow::Result<()> {
    let role = if who.support { staff::SUPPORT } else { staff::ADMIN };
    let email = who.email.trim().to_lowercase();
    staff::give(app, &email, role, "groundswell grant-platform-admin").await?;
    print::line(&format!("{email} looks after the installation now, at {}.", app.config.link("/admin")));
    Ok(())
}
