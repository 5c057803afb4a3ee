//! The sink by itself, for measuring another program against it.

use std::time::Duration;

use super::sink::{Profile, Sink};
use crate::commands::{cli::SinkOptions, print};

pub(super) async fn run(options: SinkOptions) -> anyhow::Result<()> {
    let mut profile = Profile::unfriendly(options.put_off, options.refused, options.lost);
    profile.latency = Duration::from_millis(options.latency);
    let sink = Sink::start(options.listen, profile).await?;
    print::line(&format!("Listening on {}. Ctrl-C ends it and prints what came.", sink.address));
    tokio::signal::ctrl_c().await?;
    let tally = sink.tally();
    print::line(&format!(
        "{} messages of {} octets on {} connections; {} taken, {} of them twice.",
        tally.messages, tally.octets, tally.connections, tally.taken, tally.doubled
    ));
    Ok(())
}
