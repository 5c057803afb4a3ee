//! `groundswell delete-organization`: a workspace and everything in it, for good.

use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use sqlx::{Connection, PgConnection};

use super::{cli, database::Database, print};
use crate::{
    audit::{self, Actor, Entry},
    clock::Clock,
    config::Config,
    db::{
        deletion::{self, Doomed, Owned},
        migrate::{self, Standing},
    },
    jobs::INSTALLATION,
};

const NAME: &str = "groundswell delete-organization";

pub(super) async fn run(config: &Config, what: &cli::DeleteOrganization) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let Some(owner) = &database.owner else {
        bail!(
            "The application's own role cannot delete an organization. Set DATABASE_OWNER_URL to the role that \
             migrates, and start this again."
        );
    };
    let mut conn = PgConnection::connect_with(&owner.0).await.context("The database does not answer")?;
    let done = delete(&mut conn, what).await;
    conn.close().await?;
    database.close().await;
    done
}

/// Says what there is, and deletes it in one transaction when that was asked for.
async fn delete(conn: &mut PgConnection, what: &cli::DeleteOrganization) -> anyhow::Result<ExitCode> {
    if let lacks @ Standing::Lacks(_) = migrate::standing(conn).await? {
        bail!("Nothing was deleted: {lacks}.");
    }
    let mut tx = conn.begin().await?;
    let slug = what.slug.trim();
    let found = deletion::find(&mut tx, slug).await?;
    let doomed =
        found.with_context(|| format!("There is no workspace at /w/{slug}. Nothing was deleted."))?;
    refuse_some(&doomed)?;
    let tables = deletion::tables(&mut tx).await?;
    let tables = tables.context("The tables hold on to each other in a circle. Nothing was deleted.")?;
    print::line(&introduced(&doomed));
    let rows = counted(&mut tx, &tables, &doomed).await?;
    if !what.yes {
        print::line("Nothing was deleted. Add --yes to delete all this; only a dump brings it back.");
        return Ok(ExitCode::FAILURE);
    }
    for table in &tables {
        deletion::empty(&mut tx, table, doomed.id)
            .await
            .with_context(|| format!("emptying {}", table.name))?;
    }
    deletion::forget_in_sessions(&mut tx, doomed.id).await?;
    bury(&mut tx, &doomed, rows).await?;
    tx.commit().await.context("Nothing was deleted")?;
    print::line(&format!("{} is deleted. The installation's own log says so.", doomed.name));
    Ok(ExitCode::SUCCESS)
}

/// What cannot be deleted, in a sentence.
fn refuse_some(doomed: &Doomed) -> anyhow::Result<()> {
    if doomed.id == INSTALLATION {
        bail!("That is this installation itself, which is no workspace. Nothing was deleted.");
    }
    if !doomed.clients.is_empty() {
        let clients = doomed.clients.join(", ");
        bail!(
            "{} is an agency and still has clients: {clients}. Delete those first. Nothing was deleted.",
            doomed.name
        );
    }
    Ok(())
}

fn introduced(doomed: &Doomed) -> String {
    let Doomed { name, slug, people, only_here, .. } = doomed;
    let since = doomed.created_at.format("%Y-%m-%d");
    let stay = match only_here {
        0 => "all of whom are somewhere else as well".to_owned(),
        n => format!("of whom {n} will be in no workspace; everybody keeps their account"),
    };
    format!("{name} (/w/{slug}), here since {since}, with {people} people, {stay}. In it:")
}

/// Says how many rows of which table it owns, and gives the same for the log.
async fn counted(
    conn: &mut PgConnection,
    tables: &[Owned],
    doomed: &Doomed,
) -> anyhow::Result<Map<String, Value>> {
    let mut rows = Map::new();
    for table in tables {
        let count = deletion::count(conn, table, doomed.id).await?;
        let name = table.name.trim_start_matches("public.");
        if count > 0 {
            print::line(&format!("{count:>10}  {name}"));
            rows.insert(name.to_owned(), count.into());
        }
    }
    Ok(rows)
}

/// What stays of it: a line in the installation's own log.
async fn bury(conn: &mut PgConnection, doomed: &Doomed, rows: Map<String, Value>) -> anyhow::Result<()> {
    let was = json!({ "slug": doomed.slug, "kind": doomed.kind, "since": doomed.created_at, "rows": rows });
    let deleted = Entry::new("workspace.deleted").on("organization", doomed.id, &doomed.name).before(was);
    audit::append(conn, INSTALLATION, &Actor::machine(NAME), &deleted, Clock::system().now()).await?;
    Ok(())
}
