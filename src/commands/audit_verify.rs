//! `groundswell audit verify`: whether anybody changed the log of an organization behind the application's back.

use std::process::ExitCode;

use anyhow::Context;
use sqlx::{Connection, PgConnection};

use super::{database::Database, print};
use crate::{audit::verify::verify, config::Config, db::organizations};

/// What was found, a sentence a line, and whether all is well.
pub struct Report {
    pub lines: Vec<String>,
    pub is_whole: bool,
}

/// Reads the log of every organization there is; `conn` may read all of them.
pub async fn look(conn: &mut PgConnection) -> anyhow::Result<Report> {
    let mut report = Report { lines: Vec::new(), is_whole: true };
    for organization in organizations::all(conn).await.context("listing the organizations")? {
        let verified = verify(conn, organization.id).await.context("reading a log")?;
        let slug = organization.slug;
        if verified.breaks.is_empty() {
            report.lines.push(format!("{slug}: the log is whole, {} lines.", verified.rows));
            continue;
        }
        report.is_whole = false;
        for place in &verified.breaks {
            report.lines.push(format!("{slug}: line {}: {}.", place.seq, place.what));
        }
    }
    Ok(report)
}

/// Looks, and says what was found. Fails when a log is broken.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let Some(owner) = &database.owner else {
        anyhow::bail!(
            "The application's own role sees one organization at a time. Set DATABASE_OWNER_URL to the role that \
             migrates, and start this again."
        );
    };
    let mut conn = PgConnection::connect_with(&owner.0).await.context("The database does not answer")?;
    let report = look(&mut conn).await?;
    conn.close().await?;
    database.close().await;
    for line in &report.lines {
        print::line(line);
    }
    print::line(if report.is_whole {
        "Nobody has changed a log."
    } else {
        "A log was changed behind the application's back. The lines above say where."
    });
    Ok(if report.is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
