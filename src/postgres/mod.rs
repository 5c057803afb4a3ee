//! PostgreSQL that starts and ends with the program, for whoever has no database server.
//!
//! It runs the `postgres` of the machine as a child, on a unix socket in a folder of its own: no
//! port, no service, no other user of the machine can connect.
//!
//! What is always true:
//! - One program a folder: a lock that the kernel lets go of on any death.
//! - Whatever is acknowledged stays: the server is durable, and no second one ever runs on the
//!   same data, however the first one ended.
//! - The server is our child and ends with us, by `SIGINT` on Linux even after `kill -9`. One that
//!   is found running is asked to stop and ours is started, so there is one way to own it.
//! - It never runs as root, and root never writes where the server's user could have laid a link.
//!
//! In reading order: [`Server`] here, `folder` (what lies where, and the lock), `server_user` (who
//! the server runs as), `binaries` (which `postgres`), `cluster` (making the data) and `settings`
//! (its configuration), `leftovers` (what an earlier run left), `pid_file` and `processes` (asking
//! the server's file and the system about them), `guardian` (the thread that owns the server),
//! `death_signal` (the only unsafe code), `visit` (looking from outside), `waiting`, `error`.

mod binaries;
mod cluster;
mod death_signal;
mod error;
mod folder;
mod guardian;
mod leftovers;
mod pid_file;
mod processes;
mod server_user;
mod settings;
mod visit;
mod waiting;

use std::path::{Path, PathBuf};

pub use error::Error;
pub use visit::{Neighbour, examine, neighbour};

use binaries::Binaries;
use folder::{Folder, Lock};
use guardian::Guardian;
use server_user::ServerUser;

/// Where data go that the server's user could not reach in the folder that was asked for.
const FALLBACK_ROOT: &str = "/var/lib/groundswell/db";

/// How to run the server. Nothing is read from the environment but the search path for programs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that holds everything. Made when missing.
    pub root: PathBuf,
    /// The folder of `postgres` and `initdb`. `None` looks where the systems put them.
    pub bin_dir: Option<PathBuf>,
    /// Whom root hands the server to. `None` takes `postgres`, else `nobody`. Ignored unless root.
    pub server_user: Option<String>,
    /// `false` is for tests: faster, small, and a power cut loses data.
    pub durable: bool,
}

/// A running server. Dropping it asks the server to stop and does not wait; [`Server::stop`] waits.
#[derive(Debug)]
pub struct Server {
    folder: Folder,
    password: Password,
    notice: Option<String>,
    guardian: Guardian,
}

/// Starts the server, making its cluster first when there is none. Blocks: 0.1 s, the first time a few
/// seconds, after a crash as long as the recovery takes.
pub fn start(options: &Options) -> Result<Server, Error> {
    let Opened { folder, lock, user, notice } = open(options)?;
    let binaries = Binaries::find(options.bin_dir.as_deref(), &folder, &user)?;
    let password = cluster::ensure(&folder, &user, &binaries, options.durable)?;
    let log = folder.open_log()?;
    let mut command = user.command(&binaries.postgres(), folder.root());
    command.args(folder.arguments()).args(settings::arguments(options.durable));
    command.stdout(log.try_clone().map_err(Error::folder(folder.log_file()))?).stderr(log);
    let guardian = Guardian::start(command, &folder, lock)?;
    let (pid, major, at) = (guardian.pid(), binaries.major, folder.root().display());
    tracing::info!(pid, major, folder = %at, "PostgreSQL is ready");
    Ok(Server { folder, password: Password(password), notice, guardian })
}

/// A folder that is ours alone, and the user of the server, who can reach it.
struct Opened {
    folder: Folder,
    lock: Lock,
    user: ServerUser,
    notice: Option<String>,
}

/// The folder that was asked for, or the fallback with a notice.
fn open(options: &Options) -> Result<Opened, Error> {
    let asked = enter(&options.root, options)?;
    if asked.user.reaches(asked.folder.root())? {
        return Ok(asked);
    }
    let (path, user) = (asked.folder.root(), asked.user.name());
    let fallback = enter(Path::new(FALLBACK_ROOT), options)?;
    if !fallback.user.reaches(fallback.folder.root())? {
        return Err(Error::Unreachable { path: path.into(), user: user.into() });
    }
    let notice = format!(
        "The database is in {FALLBACK_ROOT}: the user {user}, as whom the server runs, cannot reach {}.",
        path.display()
    );
    tracing::warn!("{notice}");
    Ok(Opened { notice: Some(notice), ..fallback })
}

fn enter(root: &Path, options: &Options) -> Result<Opened, Error> {
    let (folder, lock) = Folder::lock(root)?;
    let user = ServerUser::choose(options.server_user.as_deref(), folder.owner_of_data())?;
    folder.hand_to(&user)?;
    Ok(Opened { folder, lock, user, notice: None })
}

impl Server {
    /// The folder of the unix socket: the `host` of a connection.
    pub fn socket_dir(&self) -> &Path {
        self.folder.socket_dir()
    }

    /// Only the name of the socket: nothing listens on TCP.
    pub fn port(&self) -> u16 {
        folder::PORT
    }

    pub fn superuser(&self) -> &str {
        cluster::SUPERUSER
    }

    pub fn password(&self) -> &str {
        &self.password.0
    }

    pub fn root(&self) -> &Path {
        self.folder.root()
    }

    pub fn log_file(&self) -> PathBuf {
        self.folder.log_file()
    }

    /// `None` while a server that ended by itself is being started again, and after [`Server::stop`].
    pub fn pid(&self) -> Option<u32> {
        self.guardian.pid()
    }

    /// What a person should know about this start, such as that the data lie elsewhere than asked.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Ends the server and waits for it: connections are cut, what is open is rolled back. After 60 s
    /// it is made to quit without the last checkpoint, which costs a recovery and loses nothing.
    pub fn stop(&self) {
        self.guardian.stop();
    }
}

/// Prints as nothing.
struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}
