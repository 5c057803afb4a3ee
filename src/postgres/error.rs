//! Why the server did not start, in sentences that say what to do next.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{binaries, folder::Folder};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{by} already uses {}. Stop it first, or give this one another data folder.", root.display()
    )]
    InUse { root: PathBuf, by: String },

    #[error("{} cannot be used: {source}.", path.display())]
    Folder { path: PathBuf, source: io::Error },

    #[error(
        "The user {user}, as whom the database server runs, cannot reach {}. \
         Choose a data folder whose parents that user may enter.", path.display()
    )]
    Unreachable { path: PathBuf, user: String },

    #[error(
        "This is root, and PostgreSQL does not run as root: {looked_for}. \
         Create one (useradd --system postgres), run as an ordinary user, or set DATABASE_URL."
    )]
    NoServerUser { looked_for: String },

    #[error(
        "This is root without the right to become {user} (CAP_SETUID and CAP_SETGID are missing), and \
         PostgreSQL does not run as root. Run as an ordinary user, or set DATABASE_URL."
    )]
    CannotBecome { user: String },

    #[error(
        "No PostgreSQL server ({} or newer) was found{}. Install it: {}. \
         Or set PG_BIN_DIR to the folder of its programs, or DATABASE_URL to a database.",
        binaries::OLDEST, hint(.looked_in), binaries::install_command()
    )]
    NoBinaries { looked_in: Vec<PathBuf> },

    #[error(
        "The data in {} were made by PostgreSQL {data}, and this machine has {}. Install PostgreSQL {data} \
         beside it to go on. To upgrade: with {data} running, dump everything (pg_dumpall), move the \
         folder away, start with the new version, and restore the dump (psql).",
        path.display(), listed(.found)
    )]
    WrongMajor { path: PathBuf, data: u32, found: Vec<u32> },

    #[error(
        "The user id {uid} has no name on this machine, and initdb wants one. Add it to /etc/passwd (in a \
         Dockerfile: RUN useradd --uid {uid} groundswell), or start once as another user."
    )]
    NoPasswdEntry { uid: u32 },

    #[error("initdb could not make the database in {}. It said: {output}", path.display())]
    Initdb { path: PathBuf, output: String },

    #[error(
        "{} is missing, and with it the password of the database beside it. Put it back from a backup.",
        path.display()
    )]
    NoSecret { path: PathBuf },

    #[error(
        "The processes {pids:?} of an earlier PostgreSQL still use {} and do not end. \
         End them, or restart the machine.", path.display()
    )]
    Leftovers { path: PathBuf, pids: Vec<u32> },

    #[error("PostgreSQL did not become ready: {why}. The end of {}:\n{tail}", log.display())]
    NotReady { why: String, log: PathBuf, tail: String },

    #[error("{program} could not be run: {source}.")]
    Run { program: String, source: io::Error },
}

impl Error {
    /// For `map_err`: what went wrong with `path`.
    pub(super) fn folder(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { path, source }
    }

    pub(super) fn not_ready(why: &str, folder: &Folder) -> Self {
        let log = folder.log_file();
        Self::NotReady { why: why.to_owned(), tail: tail(&log), log }
    }
}

fn hint(looked_in: &[PathBuf]) -> String {
    let places: Vec<_> = looked_in.iter().map(|place| place.display().to_string()).collect();
    if places.is_empty() { String::new() } else { format!(" (tried {})", places.join(", ")) }
}

fn listed(majors: &[u32]) -> String {
    let majors: Vec<_> = majors.iter().map(u32::to_string).collect();
    if majors.is_empty() { "no PostgreSQL server".to_owned() } else { majors.join(" and ") }
}

/// The last lines of a log, which may be long.
fn tail(log: &Path) -> String {
    const LINES: usize = 12;
    let read = || -> io::Result<String> {
        let mut file = File::open(log)?;
        let end = file.metadata()?.len();
        file.seek(SeekFrom::Start(end.saturating_sub(4096)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
}
