//! A file of people through the import, against what PostgreSQL alone needs for the same people: a COPY into
//! a bare table, and one sorted INSERT into a table with the columns and the indexes of contacts.

use std::process::ExitCode;

use anyhow::ensure;
use sqlx::{Connection, PgConnection};
use tokio::io::AsyncReadExt;

use super::{
    cost::{self, Cost, Meter},
    house::{House, LIMIT_THREAD},
    intake::{self, Intake, Numbers, Target},
    people::{Faults, People},
    queries, verdict,
};
use crate::{commands::print, config::Config, db::connect::Endpoint, sample};

/// Bytes of the file that are handed to PostgreSQL at once.
const PIECE: usize = 256 * 1024;

struct Taken {
    people: People,
    limit: Cost,
    first: Intake,
    again: Intake,
}

pub(super) async fn run(config: Config, rows: u32, at_most: Option<f64>) -> anyhow::Result<ExitCode> {
    let house = House::open(config).await?;
    let measured = measure(&house, u64::from(rows)).await;
    house.close().await;
    let taken = measured?;
    let Taken { people, limit, first, again } = &taken;
    cost::head(&format!("{} lines of 10 columns, {} bytes each", people.lines, people.bytes / people.lines));
    limit.tell("COPY and one INSERT (the limit)", people.lines);
    for (name, intake) in [("", first), (", again", again)] {
        intake.upload.tell(&format!("upload{name}"), people.lines);
        intake.look.tell(&format!("look{name}"), people.lines);
        intake.write.tell(&format!("import{name}"), people.lines);
    }
    print::line("");
    print::line(&format!(
        "{} added, {} refused; again: {} unchanged. Memory above idle: {} MiB, again {} MiB.",
        first.done.added,
        first.done.refused,
        again.done.unchanged,
        first.grown_kib / 1024,
        again.grown_kib / 1024
    ));
    let again = (again.upload + again.write).ratio_to(first.upload + first.write);
    print::line(&format!(
        "With the look: {:.2} times the limit. Again: {again:.2} times the first.",
        (first.upload + first.look + first.write).ratio_to(*limit)
    ));
    let ratio = (first.upload + first.write).ratio_to(*limit);
    Ok(verdict::on("Upload and import, to the limit", ratio, at_most))
}

async fn measure(house: &House, rows: u64) -> anyhow::Result<Taken> {
    let people = People::write(&house.folder, rows, Faults::Some)?;
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    let org = house.organization(sample::SLUG).await?;
    let before = queries::people(&mut conn, org).await?;
    let limit = limit(house, &people).await?;

    let _working = house.work();
    let into = Target { person: &house.owner, slug: sample::SLUG, org, list: "Bench" };
    let first = intake::bring(house, into, &people.file).await?;
    let refused = people.doubled + people.wrong;
    let wanted = Numbers { added: people.good, refused, ..Numbers::default() };
    ensure!(first.foretold == wanted && first.done == wanted, "{:?} were done of {wanted:?}", first.done);
    let there = queries::people(&mut conn, org).await? - before;
    ensure!(u64::try_from(there).is_ok_and(|there| there == people.good), "{there} are there now");

    let again = intake::bring(house, Target { list: "Bench again", ..into }, &people.file).await?;
    let wanted = Numbers { unchanged: people.good, refused, ..Numbers::default() };
    ensure!(again.done == wanted, "{:?} were done of {wanted:?} the second time", again.done);
    Ok(Taken { people, limit, first, again })
}

/// The same people, by PostgreSQL alone.
async fn limit(house: &House, people: &People) -> anyhow::Result<Cost> {
    let (at, file) = (house.database()?, people.file.clone());
    let mut conn = PgConnection::connect_with(&at.0).await?;
    queries::like_contacts(&mut conn).await?;
    queries::settle_down(&mut conn).await?;
    let meter = Meter::start(house, LIMIT_THREAD);
    let made = house.aside(async move { copy(&at, &file).await }).await?;
    let cost = meter.read();
    ensure!(made == people.good, "{made} rows were made of {}", people.good);
    queries::forget_people(&mut conn).await?;
    Ok(cost)
}

async fn copy(at: &Endpoint, file: &std::path::Path) -> anyhow::Result<u64> {
    let mut conn = PgConnection::connect_with(&at.0).await?;
    queries::open_stage(&mut conn).await?;
    let mut file = tokio::fs::File::open(file).await?;
    let mut copying = queries::copying(&mut conn).await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).await?;
        if read == 0 {
            break;
        }
        copying.send(piece.get(..read).unwrap_or_default()).await?;
    }
    copying.finish().await?;
    Ok(queries::insert_stage(&mut conn).await?)
}
