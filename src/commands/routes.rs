//! `groundswell routes`: every door, from the router itself.

use std::process::ExitCode;

use super::{cli, print};
use crate::{app, config::Config};

pub(super) fn run(config: &Config, options: &cli::Routes) -> anyhow::Result<ExitCode> {
    let routes = app::routes(config.dev);
    if options.json {
        print::line(&serde_json::to_string_pretty(routes.doors())?);
    } else {
        for door in routes.doors() {
            print::line(&format!("{:6} {}", door.method.as_str(), door.path));
        }
    }
    Ok(ExitCode::SUCCESS)
}
