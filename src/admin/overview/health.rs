//! What one look at the installation found.

use std::path::Path;

use chrono::TimeDelta;

use super::queries;
use crate::{
    db::migrate::{self, Standing},
    jobs::worker,
    mail,
    web::App,
};

/// Work that is due for longer is not being done.
const SILENCE: TimeDelta = TimeDelta::minutes(10);
/// With less room than this where the data are, tell.
const ROOM: u64 = 1024 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Note,
    Wrong,
}

/// A sentence about one thing.
#[derive(Clone, Debug)]
pub struct Finding {
    pub about: &'static str,
    pub tone: Tone,
    pub told: String,
}

impl Finding {
    fn new(about: &'static str, tone: Tone, told: String) -> Self {
        Self { about, tone, told }
    }

    /// For its badge.
    pub fn badge(&self) -> (&'static str, &'static str) {
        match self.tone {
            Tone::Good => ("ok", "Well"),
            Tone::Note => ("info", "Worth knowing"),
            Tone::Wrong => ("bad", "Wrong"),
        }
    }
}

pub(super) async fn look(app: &App) -> sqlx::Result<Vec<Finding>> {
    let mut findings = vec![program(app), database(app).await?, migrations(app).await?];
    findings.push(queue(app).await?);
    findings.push(letters(app).await?);
    findings.extend(room(app));
    findings.extend(
        app.warnings
            .all()
            .into_iter()
            .map(|told| Finding::new("Warning", Tone::Wrong, format!("This process says: {told}."))),
    );
    Ok(findings)
}

fn program(app: &App) -> Finding {
    let version = env!("CARGO_PKG_VERSION");
    if app.config.dev {
        let told =
            format!("Groundswell {version} runs for development: the built-in mailbox is open to everybody.");
        return Finding::new("Program", Tone::Note, told);
    }
    Finding::new("Program", Tone::Good, format!("Groundswell {version} runs at {}.", app.config.base_url))
}

async fn database(app: &App) -> sqlx::Result<Finding> {
    let (version, size) = queries::database(app).await?;
    let told = format!("PostgreSQL {version} answers and holds {} MiB.", size / 1024 / 1024);
    Ok(Finding::new("Database", Tone::Good, told))
}

async fn migrations(app: &App) -> sqlx::Result<Finding> {
    let standing = migrate::standing(&mut *app.db.connection().await?).await?;
    let tone = if standing == Standing::Current { Tone::Good } else { Tone::Wrong };
    Ok(Finding::new("Migrations", tone, format!("As for migrations: {standing}.")))
}

async fn queue(app: &App) -> sqlx::Result<Finding> {
    let (due, oldest) = worker::backlog(app).await?;
    let waits_long = oldest > SILENCE.as_seconds_f64();
    let told = match (due, waits_long) {
        (0, _) => "No job waits whose time has come.".to_owned(),
        (_, false) => format!("{due} jobs are due, the oldest for {} seconds.", oldest.round()),
        (_, true) => format!(
            "{due} jobs are due, the oldest for {} minutes. Check that `serve` or `work` runs.",
            (oldest / 60.0).round()
        ),
    };
    Ok(Finding::new("Jobs", if waits_long { Tone::Wrong } else { Tone::Good }, told))
}

async fn letters(app: &App) -> sqlx::Result<Finding> {
    let backlog = mail::delivery::backlog(app).await?;
    let waits_long = backlog.oldest.is_some_and(|oldest| app.clock.now() - oldest > SILENCE);
    let (tone, told) = match (waits_long, backlog.failed) {
        (true, _) => {
            (Tone::Wrong, format!("{} messages wait to be sent. Check the mail server.", backlog.waiting))
        }
        (false, 1..) => {
            (Tone::Note, format!("{} messages could not be sent in the last 30 days.", backlog.failed))
        }
        _ if app.config.smtp_url.is_none() => {
            (Tone::Note, "No mail server is configured: what the system writes is kept here.".to_owned())
        }
        _ => (Tone::Good, format!("{} messages wait to be sent.", backlog.waiting)),
    };
    Ok(Finding::new("Mail", tone, told))
}

fn room(app: &App) -> Option<Finding> {
    // The folder itself, or the first of its parents that is there.
    let folders = app.config.data_dir.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    let disk = folders.chain([Path::new(".")]).find_map(|folder| rustix::fs::statvfs(folder).ok())?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let told = format!("{} MiB are free where the data folder is.", free / 1024 / 1024);
    Some(match free < ROOM {
        true => Finding::new(
            "Disk",
            Tone::Wrong,
            format!("Only {told} Make room: a full disk stops the database."),
        ),
        false => Finding::new("Disk", Tone::Good, told),
    })
}
