//! The thread that owns the server: it starts it, waits for its end, and starts it again when that
//! was not asked for. It lives as long as the server, because the death signal follows the thread.

use std::{
    os::unix::net::UnixStream,
    process::{Child, Command, ExitStatus},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

use super::{
    Error,
    death_signal::{Farewell, end_with_us},
    folder::{Folder, Lock},
    leftovers,
    pid_file::PidFile,
    processes, waiting,
};

/// Longer than any recovery should take: killing one that goes on would only begin it anew.
const READY_WITHIN: Duration = Duration::from_mins(10);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Guardian {
    watch: Arc<Watch>,
}

#[derive(Debug, Default)]
struct Watch {
    life: Mutex<Life>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Life {
    /// Set while the process is ours to signal: it is not reaped before this is cleared.
    pid: Option<u32>,
    /// It took connections once: from then on an end that nobody asked for is followed by a start.
    was_ready: bool,
    stopping: bool,
    ended: bool,
    failed: Option<Error>,
}

impl Guardian {
    /// Returns when the server takes connections.
    pub(super) fn start(mut command: Command, folder: &Folder, lock: Lock) -> Result<Self, Error> {
        end_with_us(&mut command, Farewell::StopInOrder);
        let guardian = Self { watch: Arc::default() };
        let (watch, guarded) = (Arc::clone(&guardian.watch), folder.clone());
        thread::Builder::new()
            .name("postgres-guardian".to_owned())
            .spawn(move || {
                let failed = guard(&watch, command, &guarded);
                // In this order: whoever hears of the end may take the folder at once.
                drop(lock);
                watch.end(failed);
            })
            .map_err(|source| Error::Run { program: "the guardian thread".to_owned(), source })?;
        guardian.await_ready(folder)?;
        Ok(guardian)
    }

    fn await_ready(&self, folder: &Folder) -> Result<(), Error> {
        let pause = Duration::from_millis(10);
        let settled = waiting::until(READY_WITHIN, pause, || {
            let life = self.watch.life();
            life.ended || life.pid.is_some_and(|pid| takes_connections(folder, pid))
        });
        let mut life = self.watch.life();
        if let Some(error) = life.failed.take() {
            return Err(error);
        }
        if !settled || life.ended {
            let why = if settled { "it was stopped" } else { "it is not ready after ten minutes" };
            return Err(Error::not_ready(why, folder));
        }
        life.was_ready = true;
        Ok(())
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.watch.life().pid
    }

    pub(super) fn stop(&self) {
        let begun = Instant::now();
        for (signal, seconds) in [(Signal::INT, 60), (Signal::QUIT, 15)] {
            let life = self.watch.ask_to_end(signal);
            let limit = Duration::from_secs(seconds);
            let waited = self.watch.changed.wait_timeout_while(life, limit, |life| !life.ended);
            if waited.unwrap_or_else(PoisonError::into_inner).0.ended {
                tracing::info!(after = ?begun.elapsed(), "PostgreSQL is stopped");
                return;
            }
            tracing::warn!(?signal, after = ?begun.elapsed(), "PostgreSQL does not stop");
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.watch.ask_to_end(Signal::INT));
    }
}

impl Watch {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask_to_end(&self, signal: Signal) -> MutexGuard<'_, Life> {
        let mut life = self.life();
        life.stopping = true;
        if let Some(pid) = life.pid {
            processes::signal(pid, signal);
        }
        self.changed.notify_all();
        life
    }

    /// Starts the server unless it shall end: one lock around both, so that no start is missed by a stop.
    fn spawn(&self, command: &mut Command) -> Option<std::io::Result<Child>> {
        let mut life = self.life();
        if life.stopping {
            return None;
        }
        let child = command.spawn();
        life.pid = child.as_ref().ok().map(Child::id);
        Some(child)
    }

    /// Waits without reaping first, so that the pid cannot become another's while we may signal it.
    fn reap(&self, mut child: Child) -> std::io::Result<ExitStatus> {
        if let Some(pid) = child.id().try_into().ok().and_then(Pid::from_raw) {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(pid), options), Err(rustix::io::Errno::INTR)) {}
        }
        let mut life = self.life();
        life.pid = None;
        child.wait()
    }

    fn end(&self, failed: Option<Error>) {
        let mut life = self.life();
        life.failed = failed;
        life.ended = true;
        self.changed.notify_all();
    }

    /// Waits before the next start, less when it shall end.
    fn rest(&self, pause: Duration) {
        let waited = self.changed.wait_timeout_while(self.life(), pause, |life| !life.stopping);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

/// Until the server shall run no longer, or never ran: then it says why.
fn guard(watch: &Watch, mut command: Command, folder: &Folder) -> Option<Error> {
    let mut pause = FIRST_PAUSE;
    loop {
        let begun = Instant::now();
        let failure = match run_once(watch, &mut command, folder) {
            Ok(why) => Error::not_ready(&why, folder),
            Err(error) => error,
        };
        let (stopping, was_ready) = {
            let life = watch.life();
            (life.stopping, life.was_ready)
        };
        if stopping || !was_ready {
            return (!stopping).then_some(failure);
        }
        tracing::error!("PostgreSQL ended by itself and is started again. {failure}");
        // One that dies again and again is not started in a tight loop.
        let lived = begun.elapsed() > LONGEST_PAUSE;
        pause = if lived { FIRST_PAUSE } else { LONGEST_PAUSE.min(pause * 2) };
        watch.rest(pause);
    }
}

/// From start to end. `Ok` says how it ended.
fn run_once(watch: &Watch, command: &mut Command, folder: &Folder) -> Result<String, Error> {
    leftovers::clear(folder)?;
    let failed = |source| Error::Run { program: command_name(folder), source };
    match watch.spawn(command) {
        None => Ok("it was stopped".to_owned()),
        Some(child) => {
            let status = watch.reap(child.map_err(failed)?).map_err(failed)?;
            Ok(format!("it ended with {status}"))
        }
    }
}

fn command_name(folder: &Folder) -> String {
    format!("PostgreSQL for {}", folder.root().display())
}

fn takes_connections(folder: &Folder, pid: u32) -> bool {
    PidFile::read(folder).is_some_and(|file| file.pid == pid && file.ready)
        && UnixStream::connect(folder.socket()).is_ok()
}
