//! Waiting for a process: there is nothing to be woken by, so it is asked again and again.

use std::time::{Duration, Instant};

/// Whether `done` came true within `limit`. Asks at once, then every `pause`.
#[expect(clippy::disallowed_methods, reason = "a process that is not our child can only be polled")]
pub(super) fn until(limit: Duration, pause: Duration, mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if done() {
            return true;
        }
        if begun.elapsed() >= limit {
            return false;
        }
        std::thread::sleep(pause);
    }
}
