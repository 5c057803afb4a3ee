//! `groundswell serve`: web and background work, with or without a database of its own.

use std::{process::ExitCode, sync::atomic::Ordering, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    cli,
    database::Database,
    fitness, listener, print, seed, server,
    signals::{self, Stop, Stopper, Urgency},
};
use crate::{
    app,
    campaigns::{bounces::postbox, tracking},
    config::Config,
    jobs::worker,
    web::App,
};

/// How long connections to the database may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

pub(super) async fn run(config: Config, options: &cli::Serve) -> anyhow::Result<ExitCode> {
    // First of all: a taken port is found before anything was started or changed.
    let listener = listener::take(&config)?;
    let for_metrics = listener::take_for_metrics(&config)?;
    let for_bounces = if options.no_worker { None } else { listener::take_for_bounces(&config)? };
    let database = Database::open(&config).await?;
    let app = match database.app(config) {
        Ok(app) => app,
        Err(error) => {
            database.close().await;
            return Err(error);
        }
    };
    app.starting.store(true, Ordering::SeqCst);
    let (stop, stopper) = signals::listen(&app)?;
    let serving = tokio::spawn(server::run(listener, app::router(app.clone()), app.clone(), stop.clone()));
    let measuring = for_metrics.map(|listener| measure(listener, &app, &stop));

    let (mut working, mut hearing) = (None, None);
    let code = match open_doors(&database, &app, options, stop.clone()).await {
        Ok(()) => {
            let works = !options.no_worker;
            working = works.then(|| tokio::spawn(work(app.clone(), stop.clone())));
            hearing = for_bounces.map(|listener| hear(listener, &app, &stop));
            ExitCode::SUCCESS
        }
        Err(reasons) => {
            refuse(&reasons, &stopper);
            ExitCode::FAILURE
        }
    };
    let _ = serving.await;
    for other in [working, hearing, measuring].into_iter().flatten() {
        let _ = other.await;
    }
    if tokio::time::timeout(GOODBYE, tracking::flush(&app)).await.is_err() {
        tracing::error!("The last opens and clicks of mail could not be written in time and are lost");
    }
    let _ = tokio::time::timeout(GOODBYE, app.close()).await;
    database.close().await;
    Ok(code)
}

/// Makes the database fit to be served from, then lets people in. `Err` says why that must not be.
async fn open_doors(
    database: &Database,
    app: &App,
    options: &cli::Serve,
    mut stop: Stop,
) -> Result<(), Vec<String>> {
    let Some(fit) = fitness::wait_until_fit(database, app, &mut stop).await else { return Ok(()) };
    fit?;
    let people = if options.seed {
        seed::sample(app)
            .await
            .map_err(|error| vec![format!("The sample data could not be written: {error:#}.")])?
    } else {
        Vec::new()
    };
    app.starting.store(false, Ordering::SeqCst);
    greet(database, app, &people);
    Ok(())
}

fn greet(database: &Database, app: &App, people: &[String]) {
    if let Some(notice) = database.server.as_ref().and_then(|server| server.notice()) {
        print::line(notice);
    }
    print::line(&format!("Groundswell is at {}", app.config.base_url));
    if app.config.dev {
        print::line(&format!("What it mails is at {}", app.config.link("/dev/mailbox")));
    }
    for person in people {
        print::line(person);
    }
}

fn refuse(reasons: &[String], stopper: &Stopper) {
    print::problems("Groundswell does not start:", reasons);
    stopper.stop(Urgency::Soon);
}

/// Does background work until told to stop.
pub(super) async fn work(app: App, mut stop: Stop) {
    let kinds = app::kinds(app.config.dev);
    let mut now = stop.clone();
    let end = (async move { stop.wanted().await }, async move { now.reaches(Urgency::Now).await });
    worker::run(app, kinds, app::schedules(), end).await;
}

/// Takes mail that comes back beside whatever else is done, until the end.
pub(super) fn hear(listener: TcpListener, app: &App, stop: &Stop) -> JoinHandle<()> {
    let (app, mut stop) = (app.clone(), stop.clone());
    tokio::spawn(async move { postbox::run(listener, app, async move { stop.wanted().await }).await })
}

/// Serves metrics beside whatever else is done, until the end.
pub(super) fn measure(listener: TcpListener, app: &App, stop: &Stop) -> JoinHandle<()> {
    tokio::spawn(server::run((listener, false), app::metrics_router(app), app.clone(), stop.clone()))
}
