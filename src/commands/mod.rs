//! What the binary can be told to do.
//!
//! Owns `bench_reference`, `bench_people`, `bench_stage`, `bench_ledger`, `bench_members` and `bench_hits`, while it measures.
//!
//! Each command has a file of its own; what they share:
//! - [`cli`]: the commands and settings as they are typed
//! - [`mod@print`]: words for whoever typed the command, apart from the log
//! - [`logging`], `escaped`: the log
//! - [`database`]: reaching the database, or starting it
//! - [`master_keys`]: where the master keys come from
//! - [`fitness`]: whether the database may be served from
//! - [`listener`], [`server`], [`signals`]: being a server that stops without dropping anybody

pub mod audit_verify;
pub mod bench;
pub mod cli;
mod create_owner;
mod database;
mod delete_organization;
mod doctor;
mod erasures;
mod escaped;
mod fitness;
mod grant_platform_admin;
mod hold;
mod listener;
pub mod logging;
mod master_keys;
mod migrate;
mod print;
mod routes;
mod secrets;
mod seed;
mod serve;
mod server;
mod signals;
pub mod verify_isolation;
mod work;

use std::process::ExitCode;

use clap::Parser;

use crate::config::Config;
use cli::{Cli, Command};

/// At least so many threads: a job that holds one for long must not hold up the pages.
const THREADS: usize = 6;
/// The exit code for settings or flags that are wrong, as clap uses it.
const WRONG_SETTINGS: u8 = 2;

/// Runs what was typed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match cli.settings.check() {
        Ok(config) => config,
        Err(wrong) => {
            print::problems("These settings are wrong:", &wrong);
            return ExitCode::from(WRONG_SETTINGS);
        }
    };
    logging::start(&config);
    // Without one installed, the first encrypted connection would panic. Only fails when done twice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let threads = std::thread::available_parallelism().map_or(THREADS, |cores| cores.get().max(THREADS));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            print::problem(&format!("The system gave no threads to run on: {error}."));
            return ExitCode::FAILURE;
        }
    };
    let code = match runtime.block_on(run(cli.command, config)) {
        Ok(code) => code,
        Err(error) => {
            print::problem(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    };
    // What still blocks a thread must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    code
}

async fn run(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(options) => serve::run(config, &options).await,
        Command::Work => work::run(config).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Seed => seed::run(config).await,
        Command::Doctor(options) => doctor::run(config, &options).await,
        Command::CreateOwner(who) => create_owner::run(config, &who).await,
        Command::GrantPlatformAdmin(who) => grant_platform_admin::run(config, &who).await,
        Command::DeleteOrganization(what) => delete_organization::run(&config, &what).await,
        Command::VerifyIsolation => verify_isolation::run(&config).await,
        Command::Secrets(options) => secrets::run(config, options.what).await,
        Command::Audit(cli::Audit { what: cli::AuditCommand::Verify }) => audit_verify::run(&config).await,
        Command::Erasures(options) => erasures::run(config, options.what).await,
        Command::Routes(options) => routes::run(&config, &options),
        Command::Bench(options) => bench::run(config, &options).await,
        Command::Hold(options) => hold::run(&config, &options),
    }
}
