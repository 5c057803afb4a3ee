//! Who used how much processor time, as Linux counts it in `/proc`, in nanoseconds.

use std::{fs, path::Path, time::Duration};

pub(super) type Used = Duration;

/// This process's threads of that name.
pub(super) fn of_threads(name: &str) -> Used {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten().map(|entry| entry.path());
    let named = |path: &Path| fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim() == name);
    threads.filter(|path| named(path)).map(|path| on_processor(&path)).sum()
}

/// A process and its children, each of one thread, as PostgreSQL's are: those that are there, and those that
/// have ended.
pub(super) fn of_children(parent: u32) -> Used {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    let is_ours = |path: &Path| {
        path.file_name().is_some_and(|pid| pid.to_string_lossy() == parent.to_string())
            || parent_of(path) == Some(parent)
    };
    let alive: Used = processes.filter(|path| is_ours(path)).map(|path| on_processor(&path)).sum();
    alive + of_the_dead(parent)
}

/// What children used that have ended: cutime and cstime of proc(5), in hundredths of a second.
fn of_the_dead(parent: u32) -> Used {
    let text = fs::read_to_string(format!("/proc/{parent}/stat")).unwrap_or_default();
    let behind_name = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let hundredths: u64 =
        behind_name.split(' ').skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(hundredths * 10)
}

/// The first number of schedstat (proc(5)). A process that is gone counts nothing.
fn on_processor(process: &Path) -> Duration {
    let text = fs::read_to_string(process.join("schedstat")).unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0))
}

/// The fourth field of stat, counted from behind the name, which may hold anything.
fn parent_of(process: &Path) -> Option<u32> {
    let text = fs::read_to_string(process.join("stat")).ok()?;
    let (_, behind_name) = text.rsplit_once(") ")?;
    behind_name.split(' ').nth(1)?.parse().ok()
}

/// What this process holds in memory.
pub(super) fn resident_kib() -> Option<u64> {
    status("VmRSS:")
}

/// The most that it has held since [`forget_peak`].
pub(super) fn peak_kib() -> Option<u64> {
    status("VmHWM:")
}

/// Lets the peak be what is held now.
pub(super) fn forget_peak() {
    // Where it may not be written, the peak is that of the whole life: too high, never too low.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
