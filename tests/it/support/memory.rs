//! What something takes of the memory, in a program that does nothing else meanwhile.

use std::fs;

/// What reading a file that somebody sent may take besides the file itself, in KiB.
pub const MOST: u64 = 64 * 1024;

/// What this gives, and how many KiB it took at its peak.
pub async fn peak<T>(work: impl Future<Output = T>) -> (T, u64) {
    let before = begin();
    let given = work.await;
    (given, since(before))
}

/// Forgets the peak that was, and gives what is held now.
pub fn begin() -> u64 {
    fs::write("/proc/self/clear_refs", "5").expect("the peak is forgotten");
    of_self("status", "VmRSS:")
}

/// How much more than this was held at the peak.
pub fn since(before: u64) -> u64 {
    of_self("status", "VmHWM:").saturating_sub(before)
}

/// A number that the system tells of this program.
pub fn of_self(file: &str, line: &str) -> u64 {
    let all = fs::read_to_string(format!("/proc/self/{file}")).expect("the system tells");
    let found = all.lines().find_map(|one| one.strip_prefix(line)).expect("a line");
    found.trim().trim_end_matches(" kB").parse().expect("a number")
}
