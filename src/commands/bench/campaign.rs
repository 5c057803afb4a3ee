//! A campaign from “queued” to “sent”: frozen, written for each, signed or not, handed over, written down.
//!
//! The whole of the application sends, with its ledger, to a mail server of ours that looks at every mail. The
//! limit of the same run is as many mails of the same size, built, signed or not and handed over by the same
//! code without any ledger, and a bare table with a row for each, filled and updated set by set.

use std::process::ExitCode;

use anyhow::ensure;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    checker::{Checker, Found},
    cost::{self, Cost, Meter},
    house::{House, LIMIT_THREAD},
    mail,
    mailing::{self, Post, Sent},
    queries, verdict,
};
use crate::{commands::print, config::Config, db::connect::Endpoint};

/// Rows of the bare ledger that are read and updated at once.
const TOGETHER: i64 = 500;

struct Taken {
    sent: Sent,
    found: Found,
    ledger: Cost,
}

pub(super) async fn run(
    config: Config,
    (people, connections): (u32, u32),
    is_signed: bool,
    at_most: Option<f64>,
) -> anyhow::Result<ExitCode> {
    let house = mailing::house(config).await?;
    let measured = measure(&house, (people, connections), is_signed).await;
    house.close().await;
    let Taken { sent, found, ledger } = measured?;
    let (count, size) = (u64::from(people), sent.tally.octets / sent.tally.taken.max(1));
    let raw = tokio::task::spawn_blocking(move || {
        mail::limit((count, connections as usize), usize::try_from(size).unwrap_or(0), is_signed)
    });
    let limit = raw.await?? + ledger;
    let signed = if is_signed { "signed twice" } else { "not signed" };
    cost::head(&format!("{people} mails of {size} octets on {connections} connections, {signed}"));
    limit.tell("built, handed over, bare ledger", count);
    sent.cost.tell("a campaign", count);
    print::line("");
    print::line(&format!(
        "{:.2} s until all were in the ledger, {:.2} s until the first arrived, {:.2} s in all; sink {:.0} µs each.",
        sent.frozen.as_secs_f64(),
        sent.first.as_secs_f64(),
        sent.cost.wall.as_secs_f64(),
        cost::micros(sent.sink, count)
    ));
    print::line(&format!("{} lost, {} doubled, {} wrong.", found.lost, found.doubled, found.wrong));
    ensure!(found == (Found { lost: 0, doubled: 0, wrong: 0 }), "the mail is not what it should be");
    ensure!(sent.tally.taken == count && sent.tally.doubled == 0, "{:?}", sent.tally);
    let ratio = sent.cost.ratio_to(limit);
    Ok(verdict::on(&format!("A campaign, {signed}, to the limit"), ratio, at_most))
}

async fn measure(house: &House, (people, connections): (u32, u32), is_signed: bool) -> anyhow::Result<Taken> {
    let ledger = ledger(house, i64::from(people)).await?;
    let checker = Checker::new(house.app().keys.clone(), u64::from(people));
    let post = Post::open(Some(checker.inspector()))?;
    let _working = house.work();
    let mailing = mailing::make(house, &post, (people, connections), is_signed).await?;
    let sent = mailing::send(house, &post, mailing).await?;
    drop(post);
    Ok(Taken { sent, found: checker.found(), ledger })
}

/// A row for each message, by PostgreSQL alone.
async fn ledger(house: &House, count: i64) -> anyhow::Result<Cost> {
    let at = house.database()?;
    let meter = Meter::start(house, LIMIT_THREAD);
    house.aside(keep(at, count)).await?;
    Ok(meter.read())
}

async fn keep(at: Endpoint, count: i64) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(&at.0).await?;
    queries::fill_ledger(&mut conn, count).await?;
    let mut last = Uuid::nil();
    loop {
        let next = queries::next_of_ledger(&mut conn, last, TOGETHER).await?;
        let Some(end) = next.last() else { return Ok(()) };
        last = *end;
        queries::settle_ledger(&mut conn, &next).await?;
    }
}
