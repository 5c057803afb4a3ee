//! The queue: how many jobs that do nothing pass through it, against deleting rows from a bare table the
//! same way, which is the most that this PostgreSQL can do.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use super::{house::House, queries};
use crate::{
    commands::print,
    config::Config,
    jobs::{self, INSTALLATION, Kinds, trial::Trial, worker},
    tenancy::JobScope,
};

/// Connections that take rows in the reference, and rows that each takes at a time.
const TAKERS: usize = 4;
const BATCH: i64 = 50;

pub(super) async fn run(config: Config, count: u32) -> anyhow::Result<()> {
    let house = House::open(config).await?;
    let measured = measure(&house, i64::from(count)).await;
    house.close().await;
    let (reference, queue) = measured?;
    print::line(&format!("{count} jobs that do nothing, each ordered, claimed, done and written down:"));
    let each = |took: Duration| f64::from(count) / took.as_secs_f64();
    print::line(&format!("{:>8.0} rows a second deleted from a bare table", each(reference)));
    print::line(&format!("{:>8.0} jobs a second done", each(queue)));
    let ratio = queue.as_secs_f64() / reference.as_secs_f64();
    print::line(&format!("A job takes as long as {ratio:.1} such rows."));
    Ok(())
}

async fn measure(house: &House, count: i64) -> anyhow::Result<(Duration, Duration)> {
    let owner = house.database()?;
    let mut conn = PgConnection::connect_with(&owner.0).await?;
    queries::fill_reference(&mut conn, count).await?;
    let reference = timed(async {
        let mut taking = tokio::task::JoinSet::new();
        for _ in 0..TAKERS {
            let options = owner.0.clone();
            taking.spawn(async move {
                let mut conn = PgConnection::connect_with(&options).await?;
                while queries::take_reference(&mut conn, BATCH).await? > 0 {}
                anyhow::Ok(())
            });
        }
        while let Some(taken) = taking.join_next().await {
            taken??;
        }
        Ok(())
    })
    .await?;

    let mut tx = JobScope::new(house.app().db.clone(), INSTALLATION.into(), "bench").enter().await?;
    let payload = serde_json::to_value(Trial::Succeed)?;
    queries::order_many(&mut tx, <Trial as jobs::Job>::KIND, &payload, count).await?;
    tx.commit().await?;
    let queue = timed(drain(house)).await?;
    Ok((reference, queue))
}

/// Works until nothing is due.
async fn drain(house: &House) -> anyhow::Result<()> {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let kinds = Kinds::default().with::<Trial>();
    let ends = (async { drop(stopped.await) }, std::future::pending());
    let working = tokio::spawn(worker::run(house.app().clone(), kinds, Vec::new(), ends));
    while worker::backlog(house.app()).await?.0 > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(stop);
    working.await?;
    Ok(())
}

async fn timed(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    work.await?;
    Ok(begun.elapsed())
}
