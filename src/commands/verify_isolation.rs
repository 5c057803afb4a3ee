//! `groundswell verify-isolation`: whether this database keeps organizations apart, rule by rule.

use std::process::ExitCode;

use anyhow::Context;
use sqlx::{Connection, PgConnection};

use super::{database::Database, print};

use crate::{
    config::Config,
    db::{
        audit::{self, Finding},
        role_check,
    },
};

/// What is wrong with the database and with the role that `conn` signed in as. Empty is good.
pub async fn look(conn: &mut PgConnection) -> anyhow::Result<Vec<Finding>> {
    let mut found = audit::findings(conn).await.context("reading the database's catalogue")?;
    let powers = role_check::too_powerful(conn).await.context("looking at the database role")?;
    found.extend(powers.into_iter().map(|sentence| Finding {
        rule: "R10".to_owned(),
        object: "the role of this connection".to_owned(),
        sentence,
    }));
    Ok(found)
}

/// Looks, and says what was found, a sentence a line. Fails when something was.
pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let mut conn =
        PgConnection::connect_with(&database.app.0).await.context("The database does not answer")?;
    let found = look(&mut conn).await?;
    conn.close().await?;
    database.close().await;
    for finding in &found {
        print::line(&format!("{}: {}", finding.rule, finding.sentence));
    }
    match found.len() {
        0 => print::line("Organizations are kept apart: every rule holds."),
        1 => print::line("1 hole was found."),
        n => print::line(&format!("{n} holes were found.")),
    }
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
