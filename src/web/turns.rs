//! Turns at what costs much of the database: a few at once, so that pages are answered meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::App;

/// Turns that this process gives at once, and of these to one organization.
const AT_ONCE: usize = 4;
const OF_ONE: usize = 2;
/// Seconds after which it may be tried again.
pub const AGAIN: i64 = 3;

#[derive(Default)]
struct Taken(Arc<Mutex<HashMap<Uuid, usize>>>);

/// A turn, given back when it is dropped.
#[must_use]
pub struct Turn {
    org: Uuid,
    taken: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// A turn for somebody in this organization; nothing while too many others have theirs.
pub fn take(app: &App, org: Uuid) -> Option<Turn> {
    let taken = Arc::clone(&app.memory.of::<Taken>().0);
    let mut counts = taken.lock().unwrap_or_else(PoisonError::into_inner);
    let of_one = counts.get(&org).copied().unwrap_or_default();
    if of_one >= OF_ONE || counts.values().sum::<usize>() >= AT_ONCE {
        return None;
    }
    counts.insert(org, of_one + 1);
    drop(counts);
    Some(Turn { org, taken })
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut counts = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.org) {
            *count -= 1;
        }
        counts.retain(|_, count| *count > 0);
    }
}
