//! `groundswell verify-isolation`: whether this database keeps organizations apart, rule by rule.

use std::io::{self, Write};

use anyhow::Context;
use sqlx::PgConnection;

use crate::db::{
    audit::{self, Finding},
    role_check,
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

/// Looks, and says what was found, a sentence a line.
pub async fn run(conn: &mut PgConnection) -> anyhow::Result<Vec<Finding>> {
    let found = look(conn).await?;
    let mut out = io::stdout().lock();
    for finding in &found {
        writeln!(out, "{}: {}", finding.rule, finding.sentence)?;
    }
    match found.len() {
        0 => writeln!(out, "Organizations are kept apart: every rule holds.")?,
        n => writeln!(out, "{n} {} found.", if n == 1 { "hole was" } else { "holes were" })?,
    }
    Ok(found)
}
