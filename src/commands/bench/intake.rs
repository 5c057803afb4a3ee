//! A file of people into a workspace, as somebody does it: uploaded, matched, looked at, imported.

use std::{path::Path, time::Duration};

use anyhow::{Context, ensure};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    cost::{Cost, Meter},
    cpu,
    house::{House, SERVER_THREAD},
    people::COLUMNS,
    person::{Person, between},
    queries,
};

/// How often it is asked how far the work is.
const LOOK: Duration = Duration::from_millis(10);

/// A workspace, and somebody in it.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub person: &'a Person,
    pub slug: &'a str,
    pub org: Uuid,
    /// A list that is made for them, or none.
    pub list: &'a str,
}

/// What became of the lines, as the page of the import says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
}

/// What an import took, step by step.
pub(super) struct Intake {
    pub upload: Cost,
    pub look: Cost,
    pub write: Cost,
    /// What looking said would be done, and what was done.
    pub foretold: Numbers,
    pub done: Numbers,
    /// The most memory that the process held above what it held before, in KiB.
    pub grown_kib: u64,
}

/// Takes this file in. Somebody must be at work ([`House::work`]).
pub(super) async fn bring(house: &House, into: Target<'_>, file: &Path) -> anyhow::Result<Intake> {
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    queries::settle_down(&mut conn).await?;
    let path = format!("/w/{}/contacts/imports", into.slug);
    let idle = cpu::resident_kib().unwrap_or(0);
    cpu::forget_peak();
    let meter = Meter::start(house, SERVER_THREAD);
    let to = into.person.upload(&path, file).await?;
    let upload = meter.read();
    let id = between(&to, "/imports/", "/").context("the upload leads to no import")?;
    let import: Uuid = id.parse()?;

    let meter = Meter::start(house, SERVER_THREAD);
    into.person.send(&to, &decided(into.list)).await?;
    reaches(&mut conn, (into.org, import), "ready").await?;
    let look = meter.read();
    let foretold = numbers(&into.person.page(&format!("{path}/{id}")).await?, "New", "To be updated")?;

    let meter = Meter::start(house, SERVER_THREAD);
    into.person.send(&format!("{path}/{id}/start"), &[]).await?;
    reaches(&mut conn, (into.org, import), "done").await?;
    let write = meter.read();
    let done = numbers(&into.person.page(&format!("{path}/{id}")).await?, "Added", "Updated")?;
    let grown_kib = cpu::peak_kib().unwrap_or(0).saturating_sub(idle);
    Ok(Intake { upload, look, write, foretold, done, grown_kib })
}

/// The form of the second step: which column is which field, and what to do with whom.
fn decided(list: &str) -> Vec<(&str, &str)> {
    const NAMES: [&str; COLUMNS.len()] = [
        "column.0", "column.1", "column.2", "column.3", "column.4", "column.5", "column.6", "column.7",
        "column.8", "column.9",
    ];
    let mut form: Vec<(&str, &str)> = NAMES.into_iter().zip(COLUMNS).collect();
    form.extend([("has_header", "on"), ("mode", "fill"), ("consent", "unknown"), ("new_list", list)]);
    form
}

/// Waits until the import stands like this.
async fn reaches(conn: &mut PgConnection, (org, import): (Uuid, Uuid), wanted: &str) -> anyhow::Result<()> {
    loop {
        let (status, error) = queries::import_status(conn, org, import).await?;
        if status == wanted {
            return Ok(());
        }
        ensure!(["checking", "running"].contains(&status.as_str()), "the import is {status}: {error}");
        tokio::time::sleep(LOOK).await;
    }
}

fn numbers(page: &str, added: &str, updated: &str) -> anyhow::Result<Numbers> {
    let number = |label: &str| {
        let found = between(page, &format!("<dt>{label}</dt><dd class=\"num\">"), "<");
        found
            .and_then(|text| text.replace(',', "").parse().ok())
            .with_context(|| format!("the page does not say {label}"))
    };
    Ok(Numbers {
        added: number(added)?,
        updated: number(updated)?,
        unchanged: number("Unchanged")?,
        refused: number("Refused")?,
    })
}
