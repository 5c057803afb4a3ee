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
        let Some(gap) = self.gap else { return };
        let at = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            // What was not used is not saved up: no burst follows a pause.
            let at = (*next).max(Instant::now());
            *next = at + gap;
            at
        };
        tokio::time::sleep_until(at).await;
    }

    /// Remembers that a domain wants to be left alone for a while.
    pub(super) fn rest(&self, domain: &str) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < REMEMBERED {
            resting.insert(domain.to_owned(), Instant::now() + REST);
        }
    }

    /// How long this domain is to be left alone still.
    pub(super) fn rests(&self, domain: &str) -> Option<Duration> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let left = resting.get(domain)?.saturating_duration_since(Instant::now());
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

    #[tokio::test(start_paused = true)]
    async fn messages_keep_their_distance_and_save_nothing_up() {
        let pace = Pace::new(Some(10));
        let begun = Instant::now();
        for _ in 0..11 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed().as_millis() / 10, 100);
        tokio::time::advance(Duration::from_secs(60)).await;
        let begun = Instant::now();
        for _ in 0..3 {
            pace.turn().await;
        }
        assert!(begun.elapsed() >= Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_domain_is_left_alone_for_a_while_and_others_are_not() {
        let pace = Pace::new(None);
        pace.rest("slow.test");
        assert!(pace.rests("slow.test").is_some() && pace.rests("other.test").is_none());
        tokio::time::advance(REST).await;
        assert!(pace.rests("slow.test").is_none());
    }
}
