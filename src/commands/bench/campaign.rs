//! A campaign from “begin” to its end: frozen, written for each, signed, handed over, written down.
//!
//! The whole of the application sends, with its ledger, to a mail server of ours on other threads. The limit
//! of the same run is the same number of messages of the same size handed over raw, without any ledger.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use sqlx::{Connection, PgConnection};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::{
    cpu::{self, Used},
    house::{House, SERVER_THREAD},
    mail, queries,
    sink::{Profile, Sink},
};
use crate::{
    accounts::UserId,
    app,
    campaigns::sending::Begin,
    commands::print,
    config::Config,
    jobs::{self, Order, worker},
    sample, senders,
    tenancy::{JobScope, OrgId},
};

const SINK_THREAD: &str = "bench-sink";

/// How it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Signed {
    Not,
    /// With both keys, as every domain of ours has.
    Both,
}

/// What one campaign took.
struct Taken {
    frozen: Duration,
    first: Duration,
    all: Duration,
    app: Used,
    database: Used,
    sink: Used,
    size: u64,
}

pub(super) async fn run(
    mut config: Config,
    (people, connections): (u32, u32),
    signed: Signed,
) -> anyhow::Result<()> {
    config.allowed_private_hosts.add("127.0.0.1");
    let house = House::open(config).await?;
    let measured = measure(&house, (people, connections), signed).await;
    house.close().await;
    let taken = measured?;
    let each = |used: Used| used.as_secs_f64() * 1e6 / f64::from(people);
    print::line(&format!(
        "{people} mails of {} octets on {connections} connections{}:",
        taken.size,
        if cfg!(debug_assertions) { " (debug build: compare the ratios only)" } else { "" }
    ));
    print::line(&format!("{:>10.2} s until all were frozen and in the ledger", taken.frozen.as_secs_f64()));
    print::line(&format!("{:>10.2} s until the first had arrived", taken.first.as_secs_f64()));
    print::line(&format!("{:>10.2} s until the last was written down", taken.all.as_secs_f64()));
    print::line(&format!("{:>10.0} a second", f64::from(people) / taken.all.as_secs_f64()));
    print::line(&format!(
        "CPU of each: {:.0} µs application, {:.0} µs PostgreSQL, {:.0} µs sink",
        each(taken.app),
        each(taken.database),
        each(taken.sink)
    ));
    let size = usize::try_from(taken.size).unwrap_or(0);
    let raw = tokio::task::spawn_blocking(move || mail::raw(u64::from(people), connections as usize, size));
    let raw = raw.await??;
    let ratio = (each(taken.app) + each(taken.database)) / raw;
    print::line(&format!(
        "The limit, handed over raw: {raw:.0} µs of the sender. This took {ratio:.1} times that."
    ));
    Ok(())
}

async fn measure(house: &House, (people, connections): (u32, u32), signed: Signed) -> anyhow::Result<Taken> {
    let sinks = runtime(SINK_THREAD)?;
    let (started, sink) = mpsc::channel();
    sinks.spawn(async move {
        let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Profile::default()).await;
        let _ = started.send(sink.map_err(|error| error.to_string()));
        std::future::pending::<()>().await;
    });
    let sink = sink.recv()?.map_err(anyhow::Error::msg)?;
    let mut conn = PgConnection::connect_with(&house.owner()?.0).await?;
    let org = queries::organization(&mut conn, sample::SLUG).await?;
    let broadcast = queries::campaign(
        &mut conn,
        org,
        (i64::from(people), i32::try_from(connections)?),
        sink.address.port(),
    )
    .await?;
    let scope = JobScope::new(house.app().db.clone(), OrgId(org), "bench");
    if signed == Signed::Both {
        let by = queries::somebody(&mut conn).await?;
        let mut tx = scope.enter().await?;
        let made = senders::sign_for(house.app(), &mut tx, "bench.test", UserId(by)).await;
        ensure!(made.map_err(|error| anyhow::anyhow!("{error:?}"))?, "the domain has keys already");
        tx.commit().await?;
    }
    let mut tx = scope.enter().await?;
    jobs::enqueue(tx.conn(), org, &Begin { broadcast }, Order::default())
        .await
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    tx.commit().await?;

    let before = used(house);
    let begun = Instant::now();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let ends = (async { drop(stopped.await) }, std::future::pending());
    let working = house.spawn(worker::run(house.app().clone(), app::kinds(false), Vec::new(), ends));
    let (mut frozen, mut first) = (None, None);
    let all = loop {
        let standing = queries::standing(&mut conn, org, broadcast).await?;
        let tally = sink.tally();
        frozen = frozen.or(standing.is_frozen.then(|| begun.elapsed()));
        first = first.or((tally.taken > 0).then(|| begun.elapsed()));
        ensure!(!standing.has_failed, "the campaign failed: {}", standing.trouble);
        if standing.is_over {
            break begun.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let after = used(house);
    drop(stop);
    working.await?;
    let tally = sink.tally();
    ensure!(tally.taken == u64::from(people) && tally.doubled == 0, "lost or doubled: {tally:?}");
    let since = |from: Used, to: Used| to.saturating_sub(from);
    let taken = Taken {
        frozen: frozen.context("it was never frozen")?,
        first: first.context("nothing arrived")?,
        all,
        app: since(before.0, after.0),
        database: since(before.1, after.1),
        sink: since(before.2, after.2),
        size: tally.octets / tally.taken.max(1),
    };
    sinks.shutdown_background();
    Ok(taken)
}

fn used(house: &House) -> (Used, Used, Used) {
    (cpu::of_threads(SERVER_THREAD), cpu::of_children(house.postgres), cpu::of_threads(SINK_THREAD))
}

fn runtime(name: &str) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()
}

/// What the campaign's watcher sees.
pub(super) struct Standing {
    pub is_frozen: bool,
    pub is_over: bool,
    pub has_failed: bool,
    pub trouble: String,
}

/// The ids of what is measured.
pub(super) fn ids() -> [Uuid; 5] {
    std::array::from_fn(|_| Uuid::now_v7())
}
