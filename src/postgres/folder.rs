//! What lies where, who may enter, and the lock that keeps a second program out.
//!
//! ```text
//! root/               ours (0700; when we are root: 0710, and the server user's group may pass)
//!   app.lock          held while we live; holds our pid
//!   db.secret         the superuser's password (0600)
//!   postgres.log      what the server says
//!   cluster/          the data, the server user's (0700)
//!   run/              the socket, the server user's (0700)
//! ```

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Error, server_user::ServerUser, waiting};

pub(super) const PORT: u16 = 5432;

/// `sun_path` holds 104 bytes on macOS and 108 on Linux, with the closing NUL.
const LONGEST_SOCKET: usize = 103;

/// A log longer than this is put aside at the next start.
const LONG_LOG_BYTES: u64 = 16 * 1024 * 1024;

/// A program that was killed while it started another leaves the lock for a moment with the latter.
const LOCK_WITHIN: Duration = Duration::from_millis(500);

#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
    socket_dir: PathBuf,
}

/// The right to use a folder, until dropped or however else we end.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave it with a child that is being started in this moment.
        let _ = self.0.unlock();
    }
}

impl Folder {
    pub(super) fn lock(root: &Path) -> Result<(Self, Lock), Error> {
        make_dir(root).map_err(Error::folder(root))?;
        let root = fs::canonicalize(root).map_err(Error::folder(root))?;
        let file = root.join("app.lock");
        let mut lock = plain(OpenOptions::new().read(true).write(true).create(true))
            .open(&file)
            .map_err(Error::folder(&file))?;
        let mut taken = Err(TryLockError::WouldBlock);
        waiting::until(LOCK_WITHIN, Duration::from_millis(20), || {
            taken = lock.try_lock();
            !matches!(taken, Err(TryLockError::WouldBlock))
        });
        match taken {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse { by: holder(&mut lock), root }),
            Err(TryLockError::Error(source)) => return Err(Error::Folder { path: file, source }),
        }
        write_pid(&mut lock).map_err(Error::folder(&file))?;
        Ok((Self { socket_dir: socket_dir(&root), root }, Lock(lock)))
    }

    /// For looking only: neither made nor locked.
    pub(super) fn seen(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root).or_else(|_| std::path::absolute(root))?;
        Ok(Self { socket_dir: socket_dir(&root), root })
    }

    /// Lets `user` pass, and gives it the folder of the socket.
    pub(super) fn hand_to(&self, user: &ServerUser) -> Result<(), Error> {
        let owner = fs::metadata(&self.root).map_err(Error::folder(&self.root))?.uid();
        if user.is_another() && owner != user.uid() {
            user.group_owns(&self.root).map_err(Error::folder(&self.root))?;
            set_mode(&self.root, 0o710)?;
        } else {
            set_mode(&self.root, 0o700)?;
        }
        make_dir(&self.socket_dir).map_err(Error::folder(&self.socket_dir))?;
        self.refuse_a_planted_socket_dir(user)?;
        user.owns(&self.socket_dir).map_err(Error::folder(&self.socket_dir))?;
        set_mode(&self.socket_dir, 0o700)
    }

    /// Beside a long path the socket is in the folder for temporary files, where anybody could have
    /// laid a link by that name for root to give away what it points to.
    fn refuse_a_planted_socket_dir(&self, user: &ServerUser) -> Result<(), Error> {
        let found = fs::symlink_metadata(&self.socket_dir).map_err(Error::folder(&self.socket_dir))?;
        let ours = [rustix::process::geteuid().as_raw(), user.uid()].contains(&found.uid());
        if found.is_dir() && ours {
            return Ok(());
        }
        let source = io::Error::other("somebody else made it; remove it");
        Err(Error::Folder { path: self.socket_dir.clone(), source })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir.join(format!(".s.PGSQL.{PORT}"))
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("cluster")
    }

    pub(super) fn secret(&self) -> PathBuf {
        self.root.join("db.secret")
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// Stands in the title of each of the server's processes: whose they are, for people and for us.
    pub(super) fn tag(&self) -> String {
        format!("groundswell-{:016x}", fnv64(&self.root))
    }

    /// The major version that made the data, `None` when there are none yet.
    pub(super) fn major(&self) -> Result<Option<u32>, Error> {
        let file = self.data().join("PG_VERSION");
        match fs::read_to_string(&file) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::Folder { path: file, source }),
        }
    }

    /// User and group of the data: PostgreSQL runs as nobody else.
    pub(super) fn owner_of_data(&self) -> Option<(u32, u32)> {
        fs::metadata(self.data()).ok().map(|data| (data.uid(), data.gid()))
    }

    /// The log, for the server to write to: opened by us, so that its user need not own it.
    pub(super) fn open_log(&self) -> Result<File, Error> {
        let path = self.log_file();
        if fs::symlink_metadata(&path).is_ok_and(|log| log.len() > LONG_LOG_BYTES) {
            fs::rename(&path, path.with_extension("log.1")).map_err(Error::folder(&path))?;
        }
        plain(OpenOptions::new().append(true).create(true)).open(&path).map_err(Error::folder(path))
    }

    /// Where everything is, as the server is told: arguments, so that a moved folder still works.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["-D".to_owned(), self.data().display().to_string()];
        for setting in [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.socket_dir.display()),
            "unix_socket_permissions=0700".to_owned(),
            format!("port={PORT}"),
            format!("cluster_name={}", self.tag()),
        ] {
            arguments.extend(["-c".to_owned(), setting]);
        }
        arguments
    }
}

/// For files that root opens where another user may write: private, and never through a link.
pub(super) fn plain(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
}

fn make_dir(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(there) if there.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::folder(path))
}

fn write_pid(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}

fn holder(lock: &mut File) -> String {
    let mut pid = String::new();
    match lock.read_to_string(&mut pid).map(|_| pid.trim().parse::<u32>()) {
        Ok(Ok(pid)) => format!("Another instance (process {pid})"),
        _ => "Another instance".to_owned(),
    }
}

fn socket_dir(root: &Path) -> PathBuf {
    let beside = root.join("run");
    if beside.as_os_str().len() + "/.s.PGSQL.5432".len() <= LONGEST_SOCKET {
        return beside;
    }
    std::env::temp_dir().join(format!("groundswell-{:016x}", fnv64(root)))
}

/// FNV-1a: a short name for a long path, the same at every start.
fn fnv64(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
