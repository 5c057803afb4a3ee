//! `groundswell seed`: sample data, labelled as such.

use std::process::ExitCode;

use super::{database::Database, fitness, print};
use crate::{config::Config, sample, web::App};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match fitness::prepare(&database, &app).await {
        Ok(()) => sample(&app).await,
        Err(unfit) => Err(fitness::as_error(unfit)),
    };
    app.close().await;
    database.close().await;
    for line in done? {
        print::line(&line);
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the sample data unless they are there, and says who can sign in.
pub(super) async fn sample(app: &App) -> anyhow::Result<Vec<String>> {
    let mut lines = vec![format!(
        "Sample data: the workspace {} (made up). Sign in with the password {}:",
        sample::SLUG,
        sample::PASSWORD
    )];
    let people = sample::plant(app).await?.into_iter().chain(sample::plant_staff(app).await?);
    for (address, role) in people {
        lines.push(format!("  {address}  ({role})"));
    }
    Ok(lines)
}
