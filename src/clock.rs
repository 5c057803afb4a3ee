//! What time it is. Passed in everywhere, so that a test can say what time it is.
//!
//! A set clock moves only when told to. Durations of waiting (timeouts, backoff while running) use
//! tokio's monotonic time instead, which no change of the wall clock can disturb.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since 1970 of a set clock; none follows the system.
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    pub fn system() -> Self {
        Self { set: None }
    }

    /// A clock that stands still at `now` until it is advanced.
    pub fn set_to(now: DateTime<Utc>) -> Self {
        Self { set: Some(Arc::new(AtomicI64::new(now.timestamp_micros()))) }
    }

    /// The present, cut to the microseconds that PostgreSQL keeps.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.set {
            Some(set) => set.load(Ordering::SeqCst),
            None => system_now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a set clock, also backwards. The system's clock is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(set) = &self.set {
            set.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that may ask the system for the time")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
