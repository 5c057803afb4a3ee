//! The database and what stands in it.

use std::time::Duration;

use chrono::TimeDelta;
use sqlx::{Connection, PgConnection};

use super::{Finding, queries};
use crate::{
    commands::{database::Database, fitness, master_keys},
    config::Config,
    db::{
        migrate::{self, Standing},
        role_check,
    },
    jobs::{schedule, worker},
    mail,
    secrets::standing,
    web::App,
};

/// A database that takes longer to answer is not reachable.
const PATIENCE: Duration = Duration::from_secs(5);
/// Two clocks that differ by more are a fault.
const CLOCKS_MAY_DIFFER: TimeDelta = TimeDelta::seconds(5);
/// A job whose time has been over for so long is not being done.
const SILENCE: TimeDelta = TimeDelta::minutes(5);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Some(database) = Database::beside(config) else {
        return vec![Finding::Note(
            "The embedded PostgreSQL is not running; `groundswell serve` starts it.".to_owned(),
        )];
    };
    // A key of its own: looking must not make the file, and nothing here is sealed or opened.
    let app = match database.app_without_keys(config.clone()) {
        Ok(app) => app,
        Err(error) => return vec![Finding::Wrong(format!("{error:#}."))],
    };
    // First without the pool, which tries again until its patience ends and then tells of that alone.
    let looked = tokio::time::timeout(PATIENCE, async {
        PgConnection::connect_with(&database.app.0).await?.close().await?;
        look_inside(&app).await
    })
    .await;
    app.close().await;
    match looked {
        Ok(Ok(findings)) => findings,
        Ok(Err(error)) => vec![Finding::Wrong(unreachable(&error))],
        Err(_) => vec![Finding::Wrong(format!(
            "The database does not answer within {} seconds. Look whether it is running and reachable from here.",
            PATIENCE.as_secs()
        ))],
    }
}

fn unreachable(error: &sqlx::Error) -> String {
    let hint = match error {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28P01" | "28000") => {
                "Check user and password in DATABASE_URL; `groundswell migrate` sets the password."
            }
            Some("3D000") => "Make the database (createdb), or correct its name in DATABASE_URL.",
            _ => "Check DATABASE_URL.",
        },
        _ => "Look whether it is running and reachable from here, and check DATABASE_URL.",
    };
    format!("The database cannot be used: {error}. {hint}")
}

async fn look_inside(app: &App) -> sqlx::Result<Vec<Finding>> {
    let mut conn = app.db.connection().await?;
    let version = queries::version(&mut conn).await?;
    let mut findings = vec![Finding::Good(format!("The database answers; it is PostgreSQL {version}."))];
    let now = queries::now(&mut conn).await?;
    let apart = (now - app.clock.now()).abs();
    if apart > CLOCKS_MAY_DIFFER {
        findings.push(Finding::Wrong(format!(
            "The clocks of this machine and of the database are {} seconds apart. Let both follow a time server.",
            apart.num_seconds()
        )));
    }
    let reasons = role_check::too_powerful(&mut conn).await?;
    if reasons.is_empty() {
        findings.push(Finding::Good("The database role has no more power than it needs.".to_owned()));
    }
    findings.extend(reasons.iter().map(|reason| {
        Finding::Wrong(format!(
            "{}. Row security would not keep tenants apart; use the role groundswell_app in DATABASE_URL.",
            fitness::capital(reason)
        ))
    }));
    let standing = migrate::standing(&mut conn).await?;
    drop(conn);
    if standing == Standing::Current {
        findings.push(Finding::Good("The database is up to date.".to_owned()));
        findings.extend(tasks(app).await?);
        findings.extend(letters(app).await?);
        findings.extend(keys(app).await?);
    } else {
        findings.push(Finding::Wrong(format!("{}.", fitness::capital(&standing.to_string()))));
    }
    Ok(findings)
}

/// Background work that fails, or that nobody does.
async fn tasks(app: &App) -> sqlx::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for schedule in schedule::standings(app).await? {
        if schedule.last_status.as_deref() == Some("failed") {
            let why = schedule.last_error.unwrap_or_default();
            findings.push(Finding::Wrong(format!("The job {} fails: {why}", schedule.name)));
        }
    }
    let (due, oldest) = worker::backlog(app).await?;
    if oldest > SILENCE.as_seconds_f64() {
        findings.push(Finding::Note(format!(
            "{due} jobs wait whose time has come, the oldest for {} minutes. `serve` or `work` does them while it runs.",
            (oldest / 60.0).round()
        )));
    }
    Ok(findings)
}

/// Master keys that something is sealed with and that are not here.
async fn keys(app: &App) -> sqlx::Result<Vec<Finding>> {
    // What the file's own look says already is not said again.
    let Ok(there) = master_keys::there(&app.config) else { return Ok(Vec::new()) };
    let ids = there.map(|keys| keys.ids()).unwrap_or_default();
    let missing = standing::missing(&app.db, &ids).await?;
    if missing.is_empty() {
        return Ok(vec![Finding::Good("Every master key that something is sealed with is here.".to_owned())]);
    }
    Ok(missing.into_iter().map(Finding::Wrong).collect())
}

async fn letters(app: &App) -> sqlx::Result<Option<Finding>> {
    let backlog = mail::delivery::backlog(app).await?;
    let waits_long = backlog.oldest.is_some_and(|oldest| app.clock.now() - oldest > SILENCE);
    Ok(match (waits_long, backlog.failed) {
        (true, _) => Some(Finding::Wrong(format!(
            "{} messages of the system wait to be sent. Check GROUNDSWELL_SMTP_URL and that `serve` or `work` runs.",
            backlog.waiting
        ))),
        (false, 1..) => Some(Finding::Note(format!(
            "{} messages of the system could not be sent in the last 30 days.",
            backlog.failed
        ))),
        _ => None,
    })
}
