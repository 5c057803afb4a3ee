//! Programs, folders, the port, the clock.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Finding, live};
use crate::{
    clock::Clock,
    commands::{database::embedded_root, master_keys},
    config::Config,
    postgres,
};

/// With less room than this in the data folder, tell.
const ROOM: u64 = 1024 * 1024 * 1024;
/// 1 November 2026. A clock before that is not set: this program is younger.
const YOUNGEST: i64 = 1_793_491_200;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![port(config).await, clock(), folder(config)];
    findings.push(key(config));
    findings.extend(room(config));
    if config.database_url.is_none() {
        findings.push(programs(config));
    }
    findings.extend(crate::config::unknown_settings().into_iter().map(|name| {
        Finding::Note(format!(
            "The environment has {name}, which is not a setting. `groundswell help` lists those there are."
        ))
    }));
    findings
}

/// Free, or ours.
async fn port(config: &Config) -> Finding {
    let address = config.listen;
    if TcpListener::bind(address).is_ok() {
        return Finding::Good(format!("{address} is free to listen on."));
    }
    let asked = tokio::time::timeout(Duration::from_secs(3), live::ask(live::reachable(address))).await;
    match asked {
        Ok(Ok(true)) => Finding::Good(format!("Groundswell is running on {address}.")),
        _ => Finding::Wrong(format!(
            "{address} cannot be listened on, and it is not Groundswell that does. Stop the program there, or \
             choose another address with GROUNDSWELL_LISTEN."
        )),
    }
}

fn clock() -> Finding {
    let now = Clock::system().now();
    if now.timestamp() > YOUNGEST {
        Finding::Good(format!("The clock says {}.", now.format("%Y-%m-%d %H:%M UTC")))
    } else {
        Finding::Wrong(format!(
            "The clock says {}, which is in the past. Set it (timedatectl set-ntp true): sessions, links and \
             two-factor codes go by it.",
            now.format("%Y-%m-%d %H:%M UTC")
        ))
    }
}

fn folder(config: &Config) -> Finding {
    let folder = &config.data_dir;
    let existing = nearest(folder);
    let is_writable =
        rustix::fs::access(&existing, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok();
    if !is_writable {
        return Finding::Wrong(format!(
            "This user may not write to {}. Give it to them (chown), or choose another with GROUNDSWELL_DATA_DIR.",
            existing.display()
        ));
    }
    if existing == *folder {
        Finding::Good(format!("The data folder {} can be written to.", folder.display()))
    } else {
        Finding::Good(format!("The data folder {} will be made.", folder.display()))
    }
}

/// The folder itself, or the first of its parents that is there.
fn nearest(folder: &Path) -> PathBuf {
    let found = folder.ancestors().find(|parent| parent.exists());
    found.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")).to_owned()
}

fn room(config: &Config) -> Option<Finding> {
    let disk = rustix::fs::statvfs(nearest(&config.data_dir)).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    (free < ROOM).then(|| {
        Finding::Wrong(format!(
            "Only {} MiB are free where the data folder is. Make room: a full disk stops the database.",
            free / 1024 / 1024
        ))
    })
}

fn key(config: &Config) -> Finding {
    let file = master_keys::file(config);
    // Not load: this looks and makes nothing.
    match master_keys::there(config) {
        Ok(Some(_)) if config.secret_key.is_some() => {
            Finding::Good("The master key is in GROUNDSWELL_SECRET_KEY.".to_owned())
        }
        Ok(Some(_)) => Finding::Good(format!("The master key is in {}.", file.display())),
        Ok(None) => Finding::Note(format!(
            "A master key will be made in {}. Keep a copy elsewhere: without it, two-factor secrets and what \
             workspaces keep are lost.",
            file.display()
        )),
        Err(_) => Finding::Wrong(format!(
            "The master key {} cannot be read, or is not one. Put it back from a backup, or make it readable.",
            file.display()
        )),
    }
}

fn programs(config: &Config) -> Finding {
    let options = postgres::Options {
        root: embedded_root(config),
        bin_dir: config.pg_bin_dir.clone(),
        server_user: config.pg_user.clone(),
        durable: true,
    };
    match postgres::examine(&options) {
        Ok(major) => Finding::Good(format!("PostgreSQL {major} is on this machine.")),
        Err(error) => Finding::Wrong(error.to_string()),
    }
}
