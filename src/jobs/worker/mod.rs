//! Taking jobs and doing them, until told to stop.
//!
//! A process takes as many as it has hands for, one organization's after the other's. While it works it
//! renews its leases; a job that was called off, or that another process has by now, is dropped where it
//! stands. Told to stop, it finishes what it can in a while and gives the rest back.
//!
//! - [`attempt`](fn@attempt): one job, once
//! - [`ear`]: hearing of new jobs, and being seen to live

mod attempt;
mod ear;
pub(in crate::jobs) mod queries;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use uuid::Uuid;

use attempt::attempt;
use ear::Ear;

use super::{
    AtWork, Failure, Job, Kinds,
    kinds::Kind,
    schedule::{self, Schedule},
};
use crate::web::{App, metrics::Reading};

/// Jobs that one process does at a time, and how many of them may be one organization's.
const HANDS: usize = 8;
const HANDS_FOR_ONE: i64 = 4;
/// How often a quiet process looks for what nobody told it of.
const LOOK: Duration = Duration::from_secs(2);
/// How often leases are renewed; they last a minute, unless the process is seen to be gone.
const RENEW: Duration = Duration::from_secs(1);
/// How often it is asked whether anybody knows what waits.
const TIDY: Duration = Duration::from_secs(10);
/// How long begun work may take after being told to stop.
const FINISH: Duration = Duration::from_secs(20);
/// Work that is due for so long is late.
const LATE: Duration = Duration::from_secs(600);
/// How long a probe waits for the queue.
const PATIENCE: Duration = Duration::from_millis(500);
/// A job that is past its limit for so long does not listen: its lease is left to end.
const GRACE: Duration = Duration::from_secs(30);

/// Does jobs of these kinds until `stop` returns. What was begun by then is finished, unless that takes
/// long or `hurry` returns too.
pub async fn run(
    app: App,
    kinds: Kinds,
    schedules: Vec<Schedule>,
    (stop, hurry): (impl Future<Output = ()> + Send, impl Future<Output = ()> + Send),
) {
    if let Err(error) = schedule::keep(&app, &schedules).await {
        tracing::error!(error = %error, "The schedules could not be written down: {error}");
    }
    let mut worker = Worker::new(app, kinds);
    tokio::pin!(stop);
    loop {
        let taken = worker.turn().await;
        if taken > 0 && worker.has_hands() {
            continue;
        }
        let look = if worker.in_hand.is_empty() { LOOK } else { RENEW };
        tokio::select! {
            () = &mut stop => break,
            () = worker.ear.hears() => {}
            Some(ended) = worker.running.join_next_with_id() => worker.forget(&ended),
            () = tokio::time::sleep(look) => {}
        }
    }
    worker.finish(hurry).await;
}

/// Does every job that is due now, and those that these order, one after the other. For tests and commands.
pub async fn run_due(app: &App, kinds: &Kinds) -> sqlx::Result<usize> {
    let (holder, mut done) = (Uuid::now_v7(), 0);
    loop {
        let mut conn = app.queue.connection().await?;
        queries::take_back(&mut conn).await?;
        let claimed = queries::claim(&mut conn, (holder, None), kinds, (1, 1), Uuid::nil()).await?;
        drop(conn);
        let Some(claimed) = claimed.into_iter().next() else { return Ok(done) };
        attempt(app.clone(), kinds.clone(), holder, claimed).await;
        done += 1;
    }
}

/// How many jobs are due, and for how many seconds the oldest has been.
pub async fn backlog(app: &App) -> sqlx::Result<(i64, f64)> {
    queries::backlog(&app.queue).await
}

/// Keeps the warning that work waits for long: nobody takes it, or too few do. Pages are served meanwhile.
pub async fn note_lag(app: &App) {
    match tokio::time::timeout(PATIENCE, backlog(app)).await {
        Ok(Ok((_, oldest))) if oldest > LATE.as_secs_f64() => {
            app.warnings.set("jobs", "background work waits for more than ten minutes: see that it is taken");
        }
        Ok(Ok(_)) => app.warnings.clear("jobs"),
        // A database that is away is told of by itself.
        Ok(Err(_)) | Err(_) => {}
    }
}

/// The queue, for those who watch over the installation.
pub async fn readings(app: App) -> sqlx::Result<Vec<Reading>> {
    let (due, oldest) = backlog(&app).await?;
    #[expect(clippy::cast_precision_loss, reason = "a count, far below 2^52")]
    let due = due as f64;
    Ok(vec![
        Reading::new("groundswell_jobs_due", "Jobs whose time has come and that nobody has taken yet", due),
        Reading::new(
            "groundswell_jobs_oldest_due_seconds",
            "How long the oldest of them has been due",
            oldest,
        ),
    ])
}

/// Forgets jobs that were over long ago, again and again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ForgetJobs;

impl Job for ForgetJobs {
    const KIND: &'static str = "jobs.forget";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        queries::forget(&mut *app.queue.connection().await?).await?;
        Ok(())
    }
}

/// A job in somebody's hands.
struct InHand {
    job: Uuid,
    since: Instant,
    limit: Duration,
    abort: tokio::task::AbortHandle,
}

struct Worker {
    app: App,
    kinds: Kinds,
    holder: Uuid,
    ear: Ear,
    running: JoinSet<()>,
    in_hand: HashMap<tokio::task::Id, InHand>,
    /// The organization served last: the next has its turn.
    last: Uuid,
    renewed: Instant,
    tidied: Instant,
    failing: bool,
}

impl Worker {
    fn new(app: App, kinds: Kinds) -> Self {
        let (running, in_hand) = (JoinSet::new(), HashMap::new());
        let (holder, last, now) = (Uuid::now_v7(), Uuid::nil(), Instant::now());
        let ear = Ear::of(holder);
        Self { app, kinds, holder, ear, running, in_hand, last, renewed: now, tidied: now, failing: false }
    }

    fn has_hands(&self) -> bool {
        self.running.len() < HANDS
    }

    /// Renews, takes back what others dropped, keeps the schedules, takes jobs. Says how many it took.
    async fn turn(&mut self) -> usize {
        while let Some(ended) = self.running.try_join_next_with_id() {
            self.forget(&ended);
        }
        match self.try_turn().await {
            Ok(taken) => {
                if std::mem::take(&mut self.failing) {
                    tracing::info!("Background work goes on");
                }
                taken
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::error!(error = %error, "Background work stands still and will be tried again: {error}");
                }
                0
            }
        }
    }

    async fn try_turn(&mut self) -> sqlx::Result<usize> {
        self.ear.open(&self.app.queue).await;
        let mut conn = self.app.queue.connection().await?;
        if self.renewed.elapsed() >= RENEW {
            self.renew(&mut conn).await?;
        }
        if self.tidied.elapsed() >= TIDY {
            queries::fail_unknown(&mut conn, &self.kinds.names()).await?;
            self.tidied = Instant::now();
        }
        queries::take_back(&mut conn).await?;
        schedule::order_due(&mut conn).await?;
        let free = HANDS.saturating_sub(self.running.len());
        if free == 0 {
            return Ok(0);
        }
        let limit = i64::try_from(free).unwrap_or(1);
        let holder = (self.holder, self.ear.pulse());
        let claimed =
            queries::claim(&mut conn, holder, &self.kinds, (limit, HANDS_FOR_ONE), self.last).await?;
        drop(conn);
        let taken = claimed.len();
        for job in claimed {
            self.last = job.organization_id;
            self.begin(job);
        }
        Ok(taken)
    }

    fn begin(&mut self, job: queries::Claimed) {
        let limit = self.kinds.get(&job.kind).map_or(Duration::ZERO, |kind: &Kind| kind.time_limit);
        let id = job.id.0;
        let (app, kinds, holder) = (self.app.clone(), self.kinds.clone(), self.holder);
        let abort = self.running.spawn(attempt(app, kinds, holder, job));
        self.in_hand.insert(abort.id(), InHand { job: id, since: Instant::now(), limit, abort });
    }

    async fn renew(&mut self, conn: &mut sqlx::PgConnection) -> sqlx::Result<()> {
        let alive = self.in_hand.values().filter(|hand| hand.since.elapsed() < hand.limit + GRACE);
        let ids: Vec<Uuid> = alive.map(|hand| hand.job).collect();
        self.renewed = Instant::now();
        if ids.is_empty() {
            return Ok(());
        }
        let stopped = queries::keep(conn, self.holder, &ids).await?;
        for hand in self.in_hand.values().filter(|hand| stopped.contains(&hand.job)) {
            hand.abort.abort();
        }
        queries::call_off(conn, self.holder, &stopped).await
    }

    fn forget(&mut self, ended: &Result<(tokio::task::Id, ()), tokio::task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        self.in_hand.remove(&id);
    }

    /// Waits a while for what was begun, then gives the rest back for others to do.
    async fn finish(mut self, hurry: impl Future<Output = ()>) {
        let left = async { while self.running.join_next().await.is_some() {} };
        tokio::select! {
            () = left => return,
            () = tokio::time::sleep(FINISH) => {}
            () = hurry => {}
        }
        self.running.abort_all();
        let given = async { queries::give_back(&mut *self.app.queue.connection().await?, self.holder).await };
        if let Err(error) = given.await {
            tracing::warn!(error = %error, "Begun jobs could not be given back; their leases will end: {error}");
        }
    }
}
