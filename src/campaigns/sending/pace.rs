//! No faster than was asked for: messages a second of a server and to a domain, and rests for domains that
//! say “not so fast”.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::senders::Rates;

/// How long a domain is left alone after it said that it is too much.
const REST: Duration = Duration::from_secs(60);
/// How long a connection waits for a domain's turn; what is further away is put off, for others to go first.
const PATIENCE: Duration = Duration::from_secs(1);
/// Domains that are remembered.
const REMEMBERED: usize = 10_000;

/// Shared by all connections of a run.
pub(super) struct Pace {
    /// Between two messages.
    gap: Option<Duration>,
    next: Mutex<Instant>,
    /// Between two messages to one domain.
    domain_gap: Option<Duration>,
    domains: Mutex<HashMap<String, Turns>>,
    resting: Mutex<HashMap<String, Instant>>,
}

/// Whose turn it is at a domain.
struct Turns {
    next: Instant,
    /// Until when messages have been put off.
    put_off: Instant,
}

/// When a message to a domain may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    At(Instant),
    /// Not before this: let others go first.
    PutOff(Instant),
}

fn gap(rate: Option<u32>) -> Option<Duration> {
    rate.filter(|rate| *rate > 0).map(|rate| Duration::from_secs(1) / rate)
}

impl Pace {
    pub(super) fn new(rates: Rates) -> Self {
        Self {
            gap: gap(rates.all),
            next: Mutex::new(Instant::now()),
            domain_gap: gap(rates.domain),
            domains: Mutex::default(),
            resting: Mutex::default(),
        }
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

    /// When a message to this domain may go. A turn that is near is taken by asking; one that is far is not,
    /// and everybody who is put off is given another time to come back.
    pub(super) fn turn_at(&self, domain: &str, now: Instant) -> Turn {
        let Some(gap) = self.domain_gap else { return Turn::At(now) };
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        if domains.len() >= REMEMBERED {
            domains.retain(|_, turns| turns.next > now || turns.put_off > now);
        }
        let turns = domains.entry(domain.to_owned()).or_insert(Turns { next: now, put_off: now });
        let at = turns.next.max(now);
        if at <= now + PATIENCE {
            turns.next = at + gap;
            return Turn::At(at);
        }
        turns.put_off = turns.put_off.max(at) + gap;
        Turn::PutOff(turns.put_off)
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
        let pace = Pace::new(Rates { all: Some(10), domain: None });
        let slots: Vec<Instant> = (0..11).filter_map(|_| pace.slot(begun)).collect();
        assert!(slots.windows(2).all(|two| two[1] - two[0] == Duration::from_millis(100)));
        let later = begun + Duration::from_secs(60);
        let slots: Vec<Instant> = (0..3).filter_map(|_| pace.slot(later)).collect();
        assert_eq!(slots[2] - later, Duration::from_millis(200));
        let pace = Pace::new(Rates::default());
        assert_eq!((pace.slot(begun), pace.turn_at("a.test", begun)), (None, Turn::At(begun)));
    }

    /// A domain's thousand messages among others': never too many in a second, and nobody waits for them.
    #[test]
    fn a_domain_gets_its_share_and_others_do_not_wait_for_it() {
        let pace = Pace::new(Rates { all: None, domain: Some(10) });
        let mut now = Instant::now();
        let begun = now;
        let (mut waiting, mut sent) = (vec![now; 1_000], Vec::new());
        while !waiting.is_empty() {
            let due: Vec<Instant> = waiting.extract_if(.., |at| *at <= now).collect();
            for _ in due {
                match pace.turn_at("big.test", now) {
                    Turn::At(at) => sent.push(at),
                    Turn::PutOff(at) => waiting.push(at),
                }
                let other = format!("d{}-{}.test", sent.len(), waiting.len());
                let turn = pace.turn_at(&other, now);
                assert!(matches!(turn, Turn::At(at) if at <= now + PATIENCE), "{turn:?}");
            }
            now += Duration::from_millis(250);
        }
        sent.sort();
        let busiest = sent.iter().map(|from| {
            sent.iter().filter(|at| **at >= *from && **at < *from + Duration::from_secs(1)).count()
        });
        assert!(busiest.max() <= Some(10), "too many in a second");
        let took = sent[999] - begun;
        assert!(took < Duration::from_secs(115), "a thousand at ten a second took {took:?}");
    }

    #[test]
    fn a_domain_is_left_alone_for_a_while_and_others_are_not() {
        let (pace, now) = (Pace::new(Rates::default()), Instant::now());
        pace.rest("slow.test", now);
        assert!(pace.rests("slow.test", now).is_some() && pace.rests("other.test", now).is_none());
        assert!(pace.rests("slow.test", now + REST).is_none());
    }
}
