//! Whether the database may be served from: reachable, up to date, and entered with no more power than needed.

use std::time::Duration;

use super::{database::Database, signals::Stop};
use crate::{
    db::{
        audit,
        migrate::{self, MigrateError, Standing},
        role_check, trouble,
    },
    events,
    secrets::standing,
    web::App,
};

/// How often a database that is away is asked again.
const AGAIN: Duration = Duration::from_millis(500);

/// Why the database may not be served from, now.
#[derive(Debug)]
pub(super) enum Unfit {
    /// It may come: waiting helps.
    Away(String),
    /// Somebody has to do something first.
    Refused(Vec<String>),
}

/// Migrates where we may, then looks at what we were given.
pub(super) async fn prepare(database: &Database, app: &App) -> Result<(), Unfit> {
    if let Some(owner) = &database.owner {
        migrate::migrate(owner, database.app_password.as_deref()).await.map_err(from_migrating)?;
    }
    check(app).await
}

/// Looks without changing anything.
pub(super) async fn check(app: &App) -> Result<(), Unfit> {
    let mut conn = app.db.connection().await.map_err(|error| from_asking(&error))?;
    let reasons = role_check::too_powerful(&mut conn).await.map_err(|error| from_asking(&error))?;
    if !reasons.is_empty() {
        return Err(Unfit::Refused(reasons.iter().map(|reason| format!("{}.", capital(reason))).collect()));
    }
    match migrate::standing(&mut conn).await.map_err(|error| from_asking(&error))? {
        Standing::Current => {}
        behind => return Err(Unfit::Refused(vec![format!("{}.", capital(&behind.to_string()))])),
    }
    let holes = audit::findings(&mut conn).await.map_err(|error| from_asking(&error))?;
    drop(conn);
    if holes.is_empty() {
        let missing = standing::missing(&app.db, &app.keys.ids()).await;
        return match missing.map_err(|error| from_asking(&error))? {
            missing if missing.is_empty() => check_queue(app).await,
            missing => Err(Unfit::Refused(missing)),
        };
    }
    Err(Unfit::Refused(
        holes.iter().map(|hole| format!("{} ({}).", capital(&hole.sentence), hole.rule)).collect(),
    ))
}

/// The role that takes jobs must be there, and be no more than that.
async fn check_queue(app: &App) -> Result<(), Unfit> {
    let mut conn = app.queue.connection().await.map_err(|error| from_queue(&error))?;
    let reasons = role_check::too_powerful(&mut conn).await.map_err(|error| from_queue(&error))?;
    if reasons.is_empty() {
        return Ok(());
    }
    Err(Unfit::Refused(reasons.iter().map(|reason| format!("{}.", capital(reason))).collect()))
}

/// [`prepare`], and makes what must be there before anything happens: the months of the log.
async fn prepare_to_work(database: &Database, app: &App) -> Result<(), Unfit> {
    prepare(database, app).await?;
    events::months::ensure(app).await.map(drop).map_err(|error| from_asking(&error))
}

/// [`prepare`], for as long as it takes the database to come. `None` when told to stop meanwhile.
pub(super) async fn wait_until_fit(
    database: &Database,
    app: &App,
    stop: &mut Stop,
) -> Option<Result<(), Vec<String>>> {
    let mut told = false;
    loop {
        match prepare_to_work(database, app).await {
            Ok(()) => {
                app.warnings.clear("database");
                return Some(Ok(()));
            }
            Err(Unfit::Refused(reasons)) => return Some(Err(reasons)),
            Err(Unfit::Away(why)) if !told => {
                told = true;
                app.warnings.set("database", "the database does not answer");
                tracing::warn!("Waiting for the database, which is away: {why}");
            }
            Err(Unfit::Away(_)) => {}
        }
        tokio::select! {
            () = stop.wanted() => return None,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

fn from_asking(error: &sqlx::Error) -> Unfit {
    if trouble::is_passing(error) {
        return Unfit::Away(error.to_string());
    }
    Unfit::Refused(vec![format!("The database in DATABASE_URL cannot be used: {error}.")])
}

fn from_queue(error: &sqlx::Error) -> Unfit {
    if trouble::is_passing(error) {
        return Unfit::Away(error.to_string());
    }
    Unfit::Refused(vec![format!(
        "The role that takes jobs cannot sign in: {error}. `groundswell migrate` gives groundswell_worker the password \
         of DATABASE_URL; set DATABASE_WORKER_URL where it has another."
    )])
}

fn from_migrating(error: MigrateError) -> Unfit {
    match error {
        MigrateError::Unreachable(cause) if trouble::is_passing(&cause) => Unfit::Away(cause.to_string()),
        error => Unfit::Refused(vec![format!("{}.", capital(&error.to_string()))]),
    }
}

/// The sentence with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// For commands that cannot wait.
pub(super) fn as_error(unfit: Unfit) -> anyhow::Error {
    match unfit {
        Unfit::Away(why) => anyhow::anyhow!("The database does not answer: {why}."),
        Unfit::Refused(reasons) => anyhow::anyhow!(reasons.join("\n")),
    }
}
