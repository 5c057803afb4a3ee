//! `groundswell doctor`: what is wrong with this installation, in sentences, and what to do about it.
//!
//! Looks and changes nothing: no server is started, no folder made, no migration applied.
//!
//! - [`machine`]: programs, folders, the port, the clock
//! - [`data`]: the database and what stands in it
//! - [`outside`]: the mail server and the address people type

mod data;
mod live;
mod machine;
mod outside;
mod queries;

use std::process::ExitCode;

use super::{cli, print};
use crate::config::Config;

/// What one look found.
pub(super) enum Finding {
    Good(String),
    /// Not wrong, but worth knowing.
    Note(String),
    /// What is wrong, and what to do.
    Wrong(String),
}

pub(super) async fn run(config: Config, options: &cli::Doctor) -> anyhow::Result<ExitCode> {
    if options.live {
        return live::run(&config).await;
    }
    let mut findings = machine::look(&config).await;
    findings.extend(data::look(&config).await);
    findings.extend(outside::look(&config).await);
    Ok(tell(&findings))
}

fn tell(findings: &[Finding]) -> ExitCode {
    let mut wrong = 0;
    for finding in findings {
        match finding {
            Finding::Good(told) => print::line(&format!("ok     {told}")),
            Finding::Note(told) => print::line(&format!("note   {told}")),
            Finding::Wrong(told) => {
                wrong += 1;
                print::line(&format!("wrong  {told}"));
            }
        }
    }
    match wrong {
        0 => print::line("Nothing is wrong."),
        1 => print::line("One thing is wrong."),
        n => print::line(&format!("{n} things are wrong.")),
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
