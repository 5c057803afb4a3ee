//! What an earlier run left behind, cleared before a server starts. Only with the lock held and no
//! server of ours alive: then nobody else has a claim on the folder.

use std::{fs, io, time::Duration};

use rustix::process::Signal;

use super::{Error, folder::Folder, pid_file::PidFile, processes, waiting};

const PAUSE: Duration = Duration::from_millis(20);

pub(super) fn clear(folder: &Folder) -> Result<(), Error> {
    stop_server(folder)?;
    end_orphans(folder)?;
    remove_stale_pid_file(folder)?;
    empty_socket_dir(folder).map_err(Error::folder(folder.socket_dir()))
}

/// A server that outlived its program. On Linux it is on its way out already, and which moment it
/// stops answering cannot be known, so it is never taken over.
fn stop_server(folder: &Folder) -> Result<(), Error> {
    let Some(PidFile { pid, .. }) = PidFile::read(folder) else { return Ok(()) };
    if !processes::serves(pid, folder) {
        return Ok(());
    }
    tracing::info!(pid, "stopping the PostgreSQL of an earlier run");
    let gone = || !processes::serves(pid, folder);
    for (signal, seconds) in [(Signal::INT, 60), (Signal::QUIT, 10)] {
        processes::signal(pid, signal);
        if waiting::until(Duration::from_secs(seconds), PAUSE, gone) {
            return Ok(());
        }
    }
    Err(Error::Leftovers { path: folder.data(), pids: vec![pid] })
}

/// Processes of a postmaster that was killed. Idle ones leave by themselves, busy ones go on until
/// they look up; a new server must not start beside them. What they did is in the log or never
/// answered for, so killing them loses nothing.
fn end_orphans(folder: &Folder) -> Result<(), Error> {
    let mut left = Vec::new();
    for (seconds, then) in [(1, Some(Signal::QUIT)), (5, Some(Signal::KILL)), (10, None)] {
        let mut failed = None;
        let gone = waiting::until(Duration::from_secs(seconds), PAUSE, || match processes::serving(folder) {
            Ok(found) => {
                left = found;
                left.is_empty()
            }
            Err(error) => {
                failed = Some(error);
                true
            }
        });
        if let Some(error) = failed {
            return Err(Error::Folder { path: "/proc".into(), source: error });
        }
        if gone {
            return Ok(());
        }
        if let Some(signal) = then {
            tracing::warn!(pids = ?left, ?signal, "ending processes of a PostgreSQL that was killed");
            left.iter().for_each(|pid| processes::signal(*pid, signal));
        }
    }
    Err(Error::Leftovers { path: folder.data(), pids: left })
}

/// PostgreSQL does not start when the pid in the file is taken, though it be by another program since
/// the container was restarted, or by a zombie in one that reaps none. Nobody serves this cluster now,
/// so whoever has the pid is not a server of it.
fn remove_stale_pid_file(folder: &Folder) -> Result<(), Error> {
    let Some(PidFile { pid, .. }) = PidFile::read(folder) else { return Ok(()) };
    if processes::is_taken(pid) {
        tracing::info!(pid, "removing a stale postmaster.pid: the process it names is another");
        let file = PidFile::path(folder);
        fs::remove_file(&file).map_err(Error::folder(file))?;
    }
    Ok(())
}

/// The socket and the lock file beside it, which PostgreSQL judges by the pid inside as well.
fn empty_socket_dir(folder: &Folder) -> io::Result<()> {
    for entry in fs::read_dir(folder.socket_dir())? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}
