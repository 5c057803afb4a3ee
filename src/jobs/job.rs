//! What a job is, and what it may do while it is at work.

use std::{sync::Arc, time::Duration};

use http::Extensions;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{JobId, queries, worker};
use crate::{db::Db, web::App};

/// A kind of work. The value is what is stored of one job: ids, never secrets.
///
/// Running it twice must do it once: a process may die after the work and before it is written down.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// As stored, `domain.verb`. Other than the type's name it never changes.
    const KIND: &'static str;
    /// How often it is tried before it is left as failed.
    const ATTEMPTS: i32 = 5;
    /// An attempt that takes longer is given up and counts as failed.
    const TIME_LIMIT: Duration = Duration::from_secs(600);

    /// Whether a job that is under way lets another with its key be ordered: for work that begins by
    /// looking at everything there is, which then may grow.
    const KEY_WAITS_ONLY: bool = false;

    /// How long to wait after so many attempts that failed.
    fn pause(attempts: i32) -> Duration {
        ever_longer(attempts)
    }

    fn run(self, app: App, at_work: AtWork) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// 15 seconds, then four times as long each time, six hours at most; up to a tenth more, so that what
/// failed together does not come back together.
fn ever_longer(attempts: i32) -> Duration {
    let times = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    let pause = Duration::from_secs(15 * 4u64.pow(times)).min(Duration::from_secs(6 * 3600));
    let random = Uuid::new_v4().as_bytes().first().copied().unwrap_or(0);
    pause + pause.mul_f64(f64::from(random) / 2550.0)
}

/// Why an attempt did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// May go better another time.
    #[error("{0:#}")]
    Again(#[from] anyhow::Error),
    /// The same, and it is known when.
    #[error("{1}")]
    After(Duration, String),
    /// There is nothing wrong: it is to be done later, and this was no attempt.
    #[error("not yet")]
    NotYet(Duration),
    /// Will not go better.
    #[error("{0}")]
    Never(String),
    /// Another process has it by now, or somebody called it off: whatever was begun is undone.
    #[error("the job is no longer ours")]
    Lost,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Again(error.into())
    }
}

/// One attempt at one job, by this process.
#[derive(Clone, Debug)]
pub struct AtWork {
    /// Whose job it is.
    pub org: Uuid,
    pub id: JobId,
    /// 1 at the first time.
    pub attempt: i32,
    pub(super) holder: Uuid,
    pub(super) queue: Db,
    pub(super) known: Arc<Extensions>,
}

impl AtWork {
    /// What the kinds of this program were told beside their jobs ([`Kinds::knowing`](super::Kinds::knowing)).
    pub fn known<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.known.get().cloned()
    }

    /// Shows how far it is. Fails when the job was called off or lost meanwhile.
    pub async fn progress(&self, done: i64, total: Option<i64>) -> Result<(), Failure> {
        if worker::queries::progress(self, done, total).await? { Ok(()) } else { Err(Failure::Lost) }
    }

    /// Makes sure, within the transaction of the work, which is inside the job's organization, that
    /// nobody else has the job and that nobody can take it before that transaction ends.
    pub async fn still_ours(&self, conn: &mut PgConnection) -> Result<(), Failure> {
        if queries::is_held(conn, self.org, self).await? { Ok(()) } else { Err(Failure::Lost) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_ever_later_but_never_more_than_some_hours_later() {
        let pauses: Vec<u64> = (1..=9).map(|attempts| ever_longer(attempts).as_secs()).collect();
        assert!(pauses.windows(2).all(|two| two[0] < two[1] || two[0] >= 6 * 3600), "{pauses:?}");
        assert!((15..17).contains(&pauses[0]) && pauses.iter().all(|pause| *pause <= 6 * 3600 * 11 / 10));
    }
}
