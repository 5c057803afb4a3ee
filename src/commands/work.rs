//! `groundswell work`: background work alone, beside processes that serve.

use std::process::ExitCode;

use super::{database::Database, fitness, listener, print, serve, signals};
use crate::config::Config;

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    if config.database_url.is_none() {
        print::problem(
            "`work` needs DATABASE_URL: the embedded PostgreSQL belongs to one process, and `serve` works beside \
             serving.",
        );
        return Ok(ExitCode::FAILURE);
    }
    let for_metrics = listener::take_for_metrics(&config)?;
    let for_bounces = listener::take_for_bounces(&config)?;
    let database = Database::open(&config).await?;
    let app = database.app(config)?;
    let (mut stop, _stopper) = signals::listen(&app)?;
    let measuring = for_metrics.map(|listener| serve::measure(listener, &app, &stop));
    match fitness::wait_until_fit(&database, &app, &mut stop).await {
        Some(Err(reasons)) => {
            print::problems("Groundswell does not start:", &reasons);
            return Ok(ExitCode::FAILURE);
        }
        Some(Ok(())) => {
            let hearing = for_bounces.map(|listener| serve::hear(listener, &app, &stop));
            serve::work(app.clone(), stop).await;
            if let Some(hearing) = hearing {
                let _ = hearing.await;
            }
        }
        None => {}
    }
    if let Some(measuring) = measuring {
        let _ = measuring.await;
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}
