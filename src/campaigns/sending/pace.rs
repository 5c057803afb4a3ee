//! No faster than was asked for: messages a second of a server, and rests for domains that say “not so fast”.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long a domain is left alone after it said that it is too much.
const REST: Duration = Duration::from_secs(60);
/// Domains that are remembered.
const REMEMBERED: usize = 10_000;

/// Shared by all connections of a run.
pub(super) struct Pace {
    /// Between two messages.
    gap: Option<Duration>,
    next: Mutex<Instant>,
    resting: Mutex<HashMap<String, Instant>>,
}

impl Pace {
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let gap = per_second.filter(|rate| *rate > 0).map(|rate| Duration::from_secs(1) / rate);
        Self { gap, next: Mutex::new(Instant::now()), resting: Mutex::default() }
    }

    /// Waits until one more message may go.
    pub(super) async fn turn(&self) {
        if let Some(at) = self.slot(Instant::now()) {
            tokio::time::sleep_until(at).await;
        }
    }

    /// When one more message may go, for whoever asks now.
    fn slot(&self, now: Instant) -> Option<Instant> {
        let gap = self.gap?;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // What was not used is not saved up: no burst follows a pause.
        let at = (*next).max(now);
        *next = at + gap;
        Some(at)
    }

    /// Remembers that a domain wants to be left alone for a while.
    pub(super) fn rest(&self, domain: &str, now: Instant) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < REMEMBERED {
            resting.insert(domain.to_owned(), now + REST);
        }
    }

    /// How long this domain is to be left alone still.
    pub(super) fn rests(&self, domain: &str, now: Instant) -> Option<Duration> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let left = resting.get(domain)?.saturating_duration_since(now);
        if left.is_zero() {
            resting.remove(domain);
            return None;
        }
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_their_distance_and_save_nothing_up() {
        let begun = Instant::now();
        let pace = Pace::new(Some(10));
        let slots: Vec<Instant> = (0..11).filter_map(|_| pace.slot(begun)).collect();
        assert!(slots.windows(2).all(|two| two[1] - two[0] == Duration::from_millis(100)));
        let later = begun + Duration::from_secs(60);
        let slots: Vec<Instant> = (0..3).filter_map(|_| pace.slot(later)).collect();
        assert_eq!(slots[2] - later, Duration::from_millis(200));
        assert_eq!(Pace::new(None).slot(begun), None);
    }

    #[test]
    fn a_domain_is_left_alone_for_a_while_and_others_are_not() {
        let (pace, now) = (Pace::new(None), Instant::now());
        pace.rest("slow.test", now);
        assert!(pace.rests("slow.test", now).is_some() && pace.rests("other.test", now).is_none());
        assert!(pace.rests("slow.test", now + REST).is_none());
    }
}
