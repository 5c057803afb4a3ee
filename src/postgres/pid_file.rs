//! What `cluster/postmaster.pid` says: which process the server is, and whether it takes connections.

use std::{fs, path::PathBuf};

use super::folder::Folder;

#[derive(Clone, Copy, Debug)]
pub(super) struct PidFile {
    /// As written; whether that process lives and is a server is another question.
    pub(super) pid: u32,
    pub(super) ready: bool,
}

impl PidFile {
    pub(super) fn read(folder: &Folder) -> Option<Self> {
        Self::parse(&fs::read_to_string(Self::path(folder)).ok()?)
    }

    pub(super) fn path(folder: &Folder) -> PathBuf {
        folder.data().join("postmaster.pid")
    }

    /// The first line is the pid, the eighth the state. A file that is being written has fewer.
    fn parse(text: &str) -> Option<Self> {
        let pid = text.lines().next()?.trim().parse().ok()?;
        Some(Self { pid, ready: text.lines().nth(7).is_some_and(|state| state.trim() == "ready") })
    }
}

#[cfg(test)]
mod tests {
    use super::PidFile;

    #[test]
    fn a_server_is_ready_when_the_eighth_line_says_so() {
        let lines = "4711\n/data/cluster\n1700000000\n5432\n/data/run\n\n  1234 0\n";

        assert!(PidFile::parse(&format!("{lines}ready   \n")).unwrap().ready);
        assert!(!PidFile::parse(&format!("{lines}starting\n")).unwrap().ready);
        assert_eq!(PidFile::parse("4711\n").unwrap().pid, 4711);
        assert!(PidFile::parse("").is_none());
    }
}
