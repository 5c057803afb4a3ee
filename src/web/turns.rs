//! Turns at what costs much of the database: a few at once, so that pages are answered meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

use super::App;

/// Turns that this process gives at once, and of these to one organization.
const AT_ONCE: usize = 4;
const OF_ONE: usize = 2;
/// Organizations that are remembered while nobody of them has a turn.
const REMEMBERED: usize = 1_000;
/// Seconds after which it may be tried again.
pub const AGAIN: i64 = 3;

struct Turns {
    all: Arc<Semaphore>,
    each: Mutex<HashMap<Uuid, Arc<Semaphore>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), each: Mutex::default() }
    }
}

impl Turns {
    fn of(&self, org: Uuid) -> Arc<Semaphore> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        if each.len() >= REMEMBERED {
            each.retain(|_, turns| turns.available_permits() < OF_ONE);
        }
        Arc::clone(each.entry(org).or_insert_with(|| Arc::new(Semaphore::new(OF_ONE))))
    }
}

/// A turn, given back when it is dropped.
#[must_use]
pub struct Turn {
    _of_one: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

/// A turn for somebody in this organization, for whom it waits so long at the most; nothing while others have theirs.
pub async fn take(app: &App, org: Uuid, patience: Duration) -> Option<Turn> {
    let turns = app.memory.of::<Turns>();
    let waiting = async {
        let of_one = turns.of(org).acquire_owned().await.ok()?;
        let of_all = Arc::clone(&turns.all).acquire_owned().await.ok()?;
        Some(Turn { _of_one: of_one, _of_all: of_all })
    };
    timeout(patience, waiting).await.ok().flatten()
}
