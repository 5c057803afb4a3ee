//! Which processes work on a cluster. A pid alone says little: it may be another program's by now.

use std::{io, process::Command};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::folder::Folder;

pub(super) fn signal(pid: u32, signal: Signal) {
    // It may have ended a moment ago; whoever waits for that sees it.
    if let Some(pid) = to_pid(pid) {
        let _ = kill_process(pid, signal);
    }
}

/// Whether the pid is taken: by a process, or by a zombie that nobody reaps.
pub(super) fn is_taken(pid: u32) -> bool {
    let Some(pid) = to_pid(pid) else { return false };
    matches!(test_kill_process(pid), Ok(()) | Err(rustix::io::Errno::PERM))
}

fn to_pid(pid: u32) -> Option<Pid> {
    Pid::from_raw(pid.try_into().ok()?)
}

/// Whether `pid` is a process of the server of this cluster. A zombie is not: it holds nothing.
///
/// PostgreSQL works in its data directory. Root without `CAP_SYS_PTRACE`, as in a container, may not
/// see where another user's process works; the title, which carries our tag, is open to all.
#[cfg(target_os = "linux")]
pub(super) fn serves(pid: u32, folder: &Folder) -> bool {
    match std::fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(dir) => dir == folder.data(),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            let title = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            is_of(&String::from_utf8_lossy(&title), folder)
        }
        Err(_) => false,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn serves(pid: u32, folder: &Folder) -> bool {
    ps(&["-p", &pid.to_string()]).is_ok_and(|lines| lines.iter().any(|(_, title)| is_of(title, folder)))
}

/// Every process of the server of this cluster, its postmaster or what outlived it.
#[cfg(target_os = "linux")]
pub(super) fn serving(folder: &Folder) -> io::Result<Vec<u32>> {
    let pids = std::fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "postgres\n")
        })
        .filter(|pid| serves(*pid, folder));
    Ok(pids.collect())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn serving(folder: &Folder) -> io::Result<Vec<u32>> {
    let ours =
        ps(&["-ax"])?.into_iter().filter(|(_, title)| title.contains("postgres") && is_of(title, folder));
    Ok(ours.map(|(pid, _)| pid).collect())
}

/// A postmaster names its data directory, the processes below it bear the tag.
fn is_of(title: &str, folder: &Folder) -> bool {
    title.contains(&folder.tag()) || title.contains(&*folder.data().to_string_lossy())
}

/// Pid and command line of processes.
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "Linux has /proc"))]
fn ps(which: &[&str]) -> io::Result<Vec<(u32, String)>> {
    let output = Command::new("ps").args(["-ww", "-o", "pid=,command="]).args(which).output()?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let parsed = lines.lines().filter_map(|line| {
        let (pid, title) = line.trim_start().split_once(' ')?;
        Some((pid.parse().ok()?, title.to_owned()))
    });
    Ok(parsed.collect())
}
