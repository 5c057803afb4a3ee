//! `groundswell bench`: what this build costs on this machine.
//!
//! Everything runs here, over loopback, against a database that is made for it and thrown away. CPU time
//! is measured and not the clock: it hardly changes with whatever else the machine does. A route that
//! does nothing is measured in the same run, so that figures of two machines can be compared by ratio.
//!
//! - [`pages`]: the pages, one after the other
//! - [`jobs`]: the queue, against a bare table
//! - [`import`]: a file of people, through the import
//! - [`contacts`]: the list of very many people
//! - [`segments`]: rules over very many people
//! - [`campaign`]: a campaign, from “queued” to “sent”
//! - [`hits`]: opens and clicks of its mail
//! - [`mail`]: building, signing and handing over mail
//!
//! Each of these prints a table and, last, how many times its limit it took: what the machine needs at the
//! least for the same, measured in the same run. `--at-most` makes it fail above that ratio.
//!
//! - [`house`]: a server with sample data and somebody signed in; [`person`]: what they do in a browser
//! - [`people`]: files of made-up people; [`intake`]: such a file into a workspace
//! - [`mailing`]: a campaign to them; [`checker`]: whether everybody got their mail
//! - [`sink`]: the mail server that mail is handed to
//! - [`client`]: asks, on connections that stay open
//! - [`cpu`]: who used how much processor time (Linux); [`cost`]: what a piece of work used; [`verdict`]:
//!   whether that is allowed

mod campaign;
mod checker;
mod client;
mod contacts;
mod cost;
mod cpu;
mod hits;
mod house;
mod import;
mod intake;
mod jobs;
mod mail;
mod mailing;
mod pages;
mod people;
mod person;
mod queries;
mod segments;
pub mod sink;
mod sinking;
mod verdict;

use std::process::ExitCode;

use super::cli;
use crate::config::Config;

/// People who fill more pages than somebody leafs through.
const MANY_PAGES: u32 = 2_000;

pub(super) async fn run(config: Config, options: &cli::Bench) -> anyhow::Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        anyhow::bail!("This measures processor time by /proc, which only Linux has.");
    }
    match options.what {
        cli::Measure::Pages { requests, connections } => {
            pages::run(config, requests.max(10), connections.max(1)).await?;
        }
        cli::Measure::Jobs { jobs } => jobs::run(config, jobs.max(100)).await?,
        cli::Measure::Mail { messages, connections } => {
            tokio::task::spawn_blocking(move || mail::run(messages.max(1), connections.max(1))).await??;
        }
        cli::Measure::Import { rows, gate } => return import::run(config, rows.max(200), gate.at_most).await,
        cli::Measure::Contacts { people, requests, gate } => {
            let size = (people.max(MANY_PAGES), requests.max(40));
            return contacts::run(config, size, gate.at_most).await;
        }
        cli::Measure::Segments { people, requests, gate } => {
            return segments::run(config, (people.max(2_000), requests.max(3)), gate.at_most).await;
        }
        cli::Measure::Campaign { people, connections, signed, gate } => {
            let size = (people.max(10), connections.clamp(1, 50));
            return campaign::run(config, size, signed, gate.at_most).await;
        }
        cli::Measure::Hits { hits, connections, gate } => {
            return hits::run(config, (hits.max(30), connections.max(1)), gate.at_most).await;
        }
        cli::Measure::Sink(options) => sinking::run(options).await?,
    }
    Ok(ExitCode::SUCCESS)
}
