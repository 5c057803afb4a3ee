//! `groundswell bench`: what this build costs on this machine.
//!
//! Everything runs here, over loopback, against a database that is made for it and thrown away. CPU time
//! is measured and not the clock: it hardly changes with whatever else the machine does. A route that
//! does nothing is measured in the same run, so that figures of two machines can be compared by ratio.
//!
//! - [`pages`]: the pages, one after the other
//! - [`jobs`]: the queue, against a bare table
//! - [`house`]: a server with sample data and somebody signed in
//! - [`mail`]: building, signing and handing over mail
//! - [`sink`]: the mail server that it is handed to
//! - [`client`]: asks, on connections that stay open
//! - [`cpu`]: who used how much processor time (Linux)

mod client;
mod cpu;
mod house;
mod jobs;
mod mail;
mod pages;
mod queries;
pub mod sink;
mod sinking;

use std::process::ExitCode;

use super::cli;
use crate::config::Config;

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
        cli::Measure::Sink(options) => sinking::run(options).await?,
    }
    Ok(ExitCode::SUCCESS)
}
