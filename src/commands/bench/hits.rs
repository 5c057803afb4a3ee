//! Opens and clicks of a campaign's mail, each with a token of its own, against a route that does nothing and
//! inserting as many rows in batches. Counted afterwards: there is a row for each.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::ensure;
use chrono::TimeDelta;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::{io::BufReader, net::TcpStream, task::JoinSet};
use uuid::Uuid;

use super::{
    client::{self, Ask, exchange},
    cost::{self, Cost, Meter},
    house::{House, LIMIT_THREAD, SERVER_THREAD},
    mailing::{self, Mailing, Post},
    queries, verdict,
};
use crate::{
    campaigns::{
        tokens::{self, Addressee, Link},
        tracking,
    },
    commands::print,
    config::Config,
    db::connect::Endpoint,
    jobs::worker,
    sample,
};

/// What each of the readers does: opens it, and follows two of its links.
const EACH: [Link; 3] = [Link::Open, Link::Click(0), Link::Click(1)];
/// Rows of the limit that are inserted at once.
const TOGETHER: usize = 500;
/// Connections over which the mail is sent.
const POSTMEN: u32 = 10;
const LOOK: Duration = Duration::from_millis(20);

struct Taken {
    hello: Cost,
    rows: Cost,
    answered: Cost,
    /// With those who listen for events.
    heard: Cost,
}

pub(super) async fn run(
    config: Config,
    (hits, connections): (u32, u32),
    at_most: Option<f64>,
) -> anyhow::Result<ExitCode> {
    let readers = hits.div_ceil(3);
    let mode = if config.tracking_is_durable { "durable" } else { "fast" };
    let house = mailing::house(config).await?;
    let measured = measure(&house, readers, connections).await;
    house.close().await;
    let Taken { hello, rows, answered, heard } = measured?;
    let count = u64::from(readers) * EACH.len() as u64;
    cost::head(&format!("{count} opens and clicks on {connections} connections, {mode}"));
    hello.tell("a route that does nothing", count);
    rows.tell("rows inserted in batches", count);
    answered.tell("opens and clicks", count);
    heard.tell("with those who listen for them", count);
    print::line("");
    print::line("Every one of them was written down, and counted as a person's.");
    let ratio = answered.ratio_to(hello + rows);
    Ok(verdict::on(&format!("Opens and clicks, {mode}, to the limit"), ratio, at_most))
}

async fn measure(house: &House, readers: u32, connections: u32) -> anyhow::Result<Taken> {
    let working = house.work();
    let post = Post::open(None)?;
    let mailing = mailing::make(house, &post, (readers, POSTMEN), false).await?;
    mailing::send(house, &post, mailing).await?;
    drop(post);
    // Whoever opens a mail in the moment that it was handed over is a machine.
    house.app().clock.advance(TimeDelta::hours(1));
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    let org = house.organization(sample::SLUG).await?;
    let (logged, ..) = queries::hits(&mut conn, org, mailing.broadcast).await?;
    let paths = Arc::new(paths(house, &mut conn, (org, mailing)).await?);
    let count = paths.len();

    let hello = hello(house, (u32::try_from(count)?, connections)).await?;
    let rows = bare(house, count).await?;
    queries::settle_down(&mut conn).await?;
    let meter = Meter::start(house, SERVER_THREAD);
    ask_all(house, &paths, connections).await?;
    tracking::flush(house.app()).await;
    let answered = meter.read();
    while worker::backlog(house.app()).await?.0 > 0 {
        tokio::time::sleep(LOOK).await;
    }
    let heard = meter.read();
    drop(working);
    let counted = queries::hits(&mut conn, org, mailing.broadcast).await?;
    let (opens, clicks) = (i64::from(readers), i64::from(readers) * 2);
    ensure!(counted == (logged + opens + clicks, opens, clicks), "{counted:?} are counted of {count}");
    Ok(Taken { hello, rows, answered, heard })
}

/// Where everybody goes, in no order that a table has.
async fn paths(
    house: &House,
    conn: &mut PgConnection,
    (org, mailing): (Uuid, Mailing),
) -> anyhow::Result<Vec<String>> {
    let contacts = queries::recipients(conn, org, mailing.broadcast).await?;
    ensure!(contacts.len() as u64 == mailing.people, "{} got it", contacts.len());
    let mut paths = Vec::with_capacity(contacts.len() * EACH.len());
    for contact in contacts {
        let to = Addressee { broadcast: mailing.number, contact };
        for link in EACH {
            let token = tokens::write(&house.app().keys, to, link);
            paths.push(if link == Link::Open { format!("/o/{token}.gif") } else { format!("/c/{token}") });
        }
    }
    // A token begins with whom it is for, and ends with what nobody foresees.
    paths.sort_unstable_by(|one, other| one.bytes().rev().cmp(other.bytes().rev()));
    Ok(paths)
}

async fn ask_all(house: &House, paths: &Arc<Vec<String>>, connections: u32) -> anyhow::Result<()> {
    let mut asking = JoinSet::new();
    for first in 0..connections as usize {
        let (paths, address, step) = (Arc::clone(paths), house.address, connections as usize);
        asking.spawn(async move {
            let mut stream = BufReader::new(TcpStream::connect(address).await?);
            for path in paths.iter().skip(first).step_by(step) {
                let answer = exchange(&mut stream, &client::get(path, "")).await?;
                let wanted = if path.starts_with("/o/") { 200 } else { 302 };
                ensure!(answer.status == wanted, "{path} answered {}", answer.status);
            }
            Ok(())
        });
    }
    while let Some(done) = asking.join_next().await {
        done??;
    }
    Ok(())
}

async fn hello(house: &House, (count, connections): (u32, u32)) -> anyhow::Result<Cost> {
    let ask = Ask {
        address: house.hello,
        path: "/".to_owned(),
        cookie: String::new(),
        connections,
        is_part: false,
    };
    ask.times(connections).await?;
    let meter = Meter::start(house, SERVER_THREAD);
    ask.times(count).await?;
    Ok(meter.read())
}

/// A row for each, by PostgreSQL alone.
async fn bare(house: &House, count: usize) -> anyhow::Result<Cost> {
    let at = house.database()?;
    let meter = Meter::start(house, LIMIT_THREAD);
    house.aside(insert(at, count)).await?;
    Ok(meter.read())
}

async fn insert(at: Endpoint, count: usize) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(&at.0).await?;
    queries::open_hits(&mut conn).await?;
    let payload = json!({ "broadcast": Uuid::nil() });
    let mut left = count;
    while left > 0 {
        let some: Vec<Uuid> = (0..left.min(TOGETHER)).map(|_| Uuid::now_v7()).collect();
        queries::insert_hits(&mut conn, (&some, &some), &payload).await?;
        left -= some.len();
    }
    Ok(())
}
