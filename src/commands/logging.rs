//! The log: text for people or JSON for machines, on standard error.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::Config;

pub(super) fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::registry().with(filter);
    // Fails only when a log was started before, which then stays.
    let _ = if config.log_json {
        log.with(fmt::layer().json().flatten_event(true).with_writer(stderr)).try_init()
    } else {
        log.with(
            fmt::layer().compact().with_ansi(stderr().is_terminal()).with_target(false).with_writer(stderr),
        )
        .try_init()
    };
}
