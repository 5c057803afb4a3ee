//! Hits on their way from a request to the database: a bounded queue in memory, and a task that empties it.
//!
//! When the queue is full a request waits for its turn, which slows readers down and loses nothing: if each
//! wrote its own hit instead, all of them would be in each other's way. While the database is away the task
//! tries again. What is lost when the process is killed is what it has taken and not yet written: 20 ms of
//! traffic, the whole queue where more comes than can be written, or nothing where an answer waits for its hit.

use std::{collections::BTreeMap, sync::OnceLock, time::Duration};

use sqlx::error::DatabaseError;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout_at},
};
use uuid::Uuid;

use super::{
    Hit, links,
    verdict::Recent,
    writing::{self, Placed, Wrong},
};
use crate::{db::trouble, tenancy::OrgId, web::App};

/// Hits that wait in memory at the most.
const WAITING: usize = 16_384;
/// Hits that are written at once at the most.
const TOGETHER: usize = 1_000;
/// How long the first of them waits for others.
const WINDOW: Duration = Duration::from_millis(20);
/// Pauses between attempts while the database is away.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3)];

enum Told {
    /// With whom to tell when it is written.
    Hit(Hit, Option<oneshot::Sender<()>>),
    Flush(oneshot::Sender<()>),
}

/// The way in. The task begins with the first hit.
#[derive(Default)]
pub(super) struct Flusher(OnceLock<mpsc::Sender<Told>>);

impl Flusher {
    pub(super) async fn take(&self, app: &App, hit: Hit) {
        let queue = self.0.get_or_init(|| {
            let (queue, told) = mpsc::channel(WAITING);
            tokio::spawn(run(app.clone(), told));
            queue
        });
        if app.config.tracking_is_durable {
            let (done, written) = oneshot::channel();
            if queue.send(Told::Hit(hit, Some(done))).await.is_ok() && written.await.is_ok() {
                return;
            }
        } else if queue.send(Told::Hit(hit, None)).await.is_ok() {
            return;
        }
        // The task is gone, and this process with it.
        write(app, &[hit], &mut Recent::default()).await;
    }

    pub(super) async fn flush(&self) {
        let Some(queue) = self.0.get() else { return };
        let (done, written) = oneshot::channel();
        if queue.send(Told::Flush(done)).await.is_ok() {
            let _ = written.await;
        }
    }
}

async fn run(app: App, mut told: mpsc::Receiver<Told>) {
    let mut recent = Recent::default();
    while let Some(first) = told.recv().await {
        let mut batch = vec![first];
        gather(&mut told, &mut batch).await;
        let (mut hits, mut waiting) = (Vec::with_capacity(batch.len()), Vec::new());
        for told in batch {
            match told {
                Told::Hit(hit, done) => {
                    hits.push(hit);
                    waiting.extend(done);
                }
                Told::Flush(done) => waiting.push(done),
            }
        }
        write(&app, &hits, &mut recent).await;
        for done in waiting {
            // Whoever does not wait any more need not be told.
            let _ = done.send(());
        }
    }
}

/// Takes what comes within the window; somebody who waits for all to be written ends it.
async fn gather(told: &mut mpsc::Receiver<Told>, batch: &mut Vec<Told>) {
    let until = Instant::now() + WINDOW;
    let mut seen = 0;
    while batch.len() < TOGETHER {
        if batch.iter().skip(seen).any(|told| matches!(told, Told::Flush(_))) {
            return;
        }
        seen = batch.len();
        match timeout_at(until, told.recv_many(batch, TOGETHER - seen)).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// What is to be written in one organization.
#[derive(Default)]
struct Share {
    hits: Vec<Placed>,
    wrong: Vec<Wrong>,
}

/// Writes them all, organization by organization, however often it takes.
pub(super) async fn write(app: &App, hits: &[Hit], recent: &mut Recent) {
    let (is_burst, mistaken) = recent.judge(hits);
    let mut shares: BTreeMap<OrgId, Share> = BTreeMap::new();
    for (hit, is_burst) in hits.iter().zip(is_burst) {
        if let Some((org, broadcast)) = placed(app, hit.to.broadcast).await {
            shares.entry(org).or_default().hits.push(Placed { hit: *hit, broadcast, is_burst });
        }
    }
    for wrong in mistaken {
        if let Some((org, broadcast)) = placed(app, wrong.to.broadcast).await {
            let (contact, position) = (wrong.to.contact, wrong.position);
            shares.entry(org).or_default().wrong.push(Wrong { broadcast, contact, position });
        }
    }
    for (org, share) in shares {
        let mut patience = Patience::default();
        while let Err(error) = writing::write(app, org, &share.hits, &share.wrong).await {
            if let Err(error) = patience.with(error).await {
                let lost = share.hits.len();
                tracing::error!(org.id = %org, "{lost} opens and clicks could not be written: {error}");
                break;
            }
        }
    }
}

/// The organization and the broadcast of this number.
async fn placed(app: &App, number: i64) -> Option<(OrgId, Uuid)> {
    let mut patience = Patience::default();
    loop {
        match links::known(app, number).await {
            Ok(known) => return known.map(|known| (known.org, known.broadcast)),
            Err(error) => {
                if let Err(error) = patience.with(error).await {
                    tracing::error!("The broadcast {number} could not be looked up: {error}");
                    return None;
                }
            }
        }
    }
}

/// Attempts until the database is back.
#[derive(Default)]
struct Patience(usize);

impl Patience {
    /// Waits a while after this error; gives it back when another attempt would meet it again.
    async fn with(&mut self, error: sqlx::Error) -> sqlx::Result<()> {
        if !is_worth_another(&error) {
            return Err(error);
        }
        trouble::note(&error);
        let pause = PAUSES.get(self.0).or(PAUSES.last()).copied().unwrap_or_default();
        self.0 += 1;
        sleep(pause).await;
        Ok(())
    }
}

/// Away for a while, or in the way of another transaction.
fn is_worth_another(error: &sqlx::Error) -> bool {
    let is_in_the_way =
        error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code.starts_with("40"));
    // A pool that was closed stays closed.
    !matches!(error, sqlx::Error::PoolClosed) && (is_in_the_way || trouble::is_passing(error))
}
