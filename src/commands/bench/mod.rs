//! `groundswell bench`: what this build costs on this machine.

use std::process::ExitCode;

use crate::config::Config;

use super::cli;

pub(super) async fn run(config: Config, options: &cli::Bench) -> anyhow::Result<ExitCode> {
    let _ = (config, options);
    Ok(ExitCode::SUCCESS)
}
