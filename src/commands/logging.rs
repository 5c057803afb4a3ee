//! The log: text for people or JSON for machines, on standard error.
//!
//! Always true of JSON: one object, one line, whatever a visitor put into what is logged. What would
//! break the line or move a terminal's cursor stands in it escaped.

use std::io::{IsTerminal, stderr};

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use super::escaped::Escaping;
use crate::config::Config;

pub(super) fn start(config: &Config) {
    // Fails only when a log was started before, which then stays.
    let _ = if config.log_json {
        json(config, stderr).try_init()
    } else {
        let log = fmt::layer().compact().with_ansi(stderr().is_terminal()).with_target(false);
        tracing_subscriber::registry().with(filter(config)).with(log.with_writer(stderr)).try_init()
    };
}

/// A log for machines.
pub fn json<W>(config: &Config, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let log = fmt::layer().json().flatten_event(true).with_writer(Escaping(writer));
    tracing_subscriber::registry().with(filter(config)).with(log)
}

fn filter(config: &Config) -> EnvFilter {
    EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"))
}
