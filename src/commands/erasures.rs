//! `groundswell erasures`: who was erased, as ids that lead to nobody, kept apart from backups; and erasing again whom
//! a backup that was restored brought back.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{cli::ErasuresCommand, database::Database, print};
use crate::{
    config::Config,
    db::organizations::{self, Organization},
    privacy::erasing::reapply,
    web::App,
};

pub(super) async fn run(config: Config, what: ErasuresCommand) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let Some(owner) = &database.owner else {
        anyhow::bail!(
            "The application's own role sees one organization at a time. Set DATABASE_OWNER_URL to the role that \
             migrates, and start this again."
        );
    };
    let mut conn = PgConnection::connect_with(&owner.0).await.context("The database does not answer")?;
    let all = organizations::all(&mut conn).await.context("listing the organizations")?;
    conn.close().await?;
    let app = database.app(config)?;
    let done = match what {
        ErasuresCommand::Log => log(&app, &all).await,
        ErasuresCommand::Reapply { log } => reapply(&app, &all, log.as_deref()).await,
    };
    app.db.pool().close().await;
    database.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// A line for each: the organization, and whoever was erased in it.
async fn log(app: &App, all: &[Organization]) -> anyhow::Result<()> {
    for organization in all {
        for contact in reapply::log(app, organization.id.into()).await? {
            print::line(&format!("{} {contact}", organization.id));
        }
    }
    Ok(())
}

async fn reapply(app: &App, all: &[Organization], log: Option<&Path>) -> anyhow::Result<()> {
    let lines = match log {
        Some(file) => read(&std::fs::read_to_string(file).context("The log cannot be read")?)?,
        None => Vec::new(),
    };
    let mut people = 0;
    for organization in all {
        let of_this = lines.iter().filter(|(org, _)| *org == organization.id);
        let among: Vec<Uuid> = of_this.map(|(_, contact)| *contact).collect();
        people += reapply::again(app, organization.id.into(), &among).await?;
    }
    print::line(&match people {
        0 => "Nobody who was erased has come back.".to_owned(),
        1 => "1 person who was erased has come back, and is erased again by the next worker that runs."
            .to_owned(),
        _ => format!(
            "{people} people who were erased have come back, and are erased again by the next worker that runs."
        ),
    });
    Ok(())
}

/// The lines of a log, as [`log`] writes them.
fn read(text: &str) -> anyhow::Result<Vec<(Uuid, Uuid)>> {
    let line = |(number, line): (usize, &str)| {
        let ids = line
            .split_once(' ')
            .and_then(|(org, contact)| Some((org.parse().ok()?, contact.trim().parse().ok()?)));
        ids.with_context(|| {
            format!("Line {} of the log is not two ids with a blank between them.", number + 1)
        })
    };
    text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_as_it_was_written_and_anything_else_is_refused_by_its_line() {
        let (org, contact) = (Uuid::now_v7(), Uuid::now_v7());
        assert_eq!(read(&format!("{org} {contact}\n\n")).ok(), Some(vec![(org, contact)]));
        let told = read(&format!("{org} {contact}\nRobin")).err().map(|error| error.to_string());
        assert_eq!(told.as_deref(), Some("Line 2 of the log is not two ids with a blank between them."));
    }
}
