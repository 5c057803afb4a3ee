//! `groundswell hold`, for tests and for trying a machine: starts the embedded server in a folder, then
//! writes rows for as long as it lives.
//!
//! Prints `kept N` for each row that is there, `ready`, then `acknowledged N` for each row the server
//! has committed: whoever kills it can tell what must be there at the next start.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{ChildStdin, Command, ExitCode, Stdio},
};

use anyhow::Context;

use super::cli;
use crate::{
    config::Config,
    postgres::{self, Options, Server},
};

pub(super) fn run(config: &Config, options: &cli::Hold) -> anyhow::Result<ExitCode> {
    let options = Options {
        root: options.folder.clone(),
        bin_dir: config.pg_bin_dir.clone(),
        server_user: config.pg_user.clone(),
        durable: true,
    };
    let server = postgres::start(&options)?;
    let ended = write_rows(&server);
    server.stop();
    ended.map(|()| ExitCode::SUCCESS)
}

fn write_rows(server: &Server) -> anyhow::Result<()> {
    let mut psql = Command::new("psql")
        .args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", server.superuser(), "-d", "postgres", "-h"])
        .arg(server.socket_dir())
        .env("PGPASSWORD", server.password())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = psql.stdin.take().context("psql takes no input")?;
    let mut answers = BufReader::new(psql.stdout.take().context("psql gives no output")?).lines();
    writeln!(input, "set client_min_messages = warning;")?;
    writeln!(input, "create table if not exists acknowledged (n bigint primary key);")?;
    writeln!(input, "select 'kept ' || n from acknowledged order by n;\n\\echo ready")?;
    let mut next = 1;
    for line in answers.by_ref() {
        let line = line?;
        say(&line)?;
        if line == "ready" {
            break;
        }
        next = line.strip_prefix("kept ").context("psql said something else")?.parse::<u64>()? + 1;
    }
    insert(&mut input, next)?;
    for line in answers {
        say(&line?)?;
        next += 1;
        insert(&mut input, next)?;
    }
    anyhow::bail!("psql ended")
}

/// One transaction; psql says so after the server has, and stops at an error.
fn insert(input: &mut ChildStdin, n: u64) -> io::Result<()> {
    writeln!(input, "insert into acknowledged values ({n});\n\\echo acknowledged {n}")
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
