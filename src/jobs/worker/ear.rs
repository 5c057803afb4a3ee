//! Hearing of new jobs, on a connection that shows to others that this process lives.

use std::time::{Duration, Instant};

use sqlx::postgres::PgListener;
use uuid::Uuid;

use super::queries;
use crate::db::Db;

/// How long until it is tried again to listen.
const AGAIN: Duration = Duration::from_secs(2);

/// A connection that hears of new jobs and holds a lock of the process's own. The lock ends with the
/// connection, and the connection with the process: whatever kills that, others see at once that what it had
/// in hand is nobody's. Without it (a pooler between, a database that is away) leases end by time.
pub(super) struct Ear {
    pulse: i64,
    listener: Option<PgListener>,
    tried: Option<Instant>,
}

impl Ear {
    pub(super) fn of(holder: Uuid) -> Self {
        let (_, random) = holder.as_u64_pair();
        Self { pulse: random.cast_signed(), listener: None, tried: None }
    }

    /// The lock that shows that this process lives, while it is held.
    pub(super) fn pulse(&self) -> Option<i64> {
        self.listener.as_ref().map(|_| self.pulse)
    }

    /// Begins to listen, unless it does already or has tried a moment ago.
    pub(super) async fn open(&mut self, queue: &Db) {
        if self.listener.is_some() || self.tried.is_some_and(|tried| tried.elapsed() < AGAIN) {
            return;
        }
        self.tried = Some(Instant::now());
        self.listener = listen(queue, self.pulse).await.ok().flatten();
    }

    /// Returns when somebody has put a job in the queue, or when the connection is lost. Without one, never.
    pub(super) async fn hears(&mut self) {
        match &mut self.listener {
            Some(listener) => {
                if !matches!(listener.try_recv().await, Ok(Some(_))) {
                    self.listener = None;
                }
            }
            None => std::future::pending().await,
        }
    }
}

/// Nothing when a former connection of this process holds its lock still.
async fn listen(queue: &Db, pulse: i64) -> sqlx::Result<Option<PgListener>> {
    let mut listener = PgListener::connect_with(queue.pool()).await?;
    listener.listen("groundswell_jobs").await?;
    Ok(queries::hold(&mut listener, pulse).await?.then_some(listener))
}
