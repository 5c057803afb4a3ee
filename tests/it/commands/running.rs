//! The binary as a process of its own, on a socket that the test holds and hands over to it.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use groundswell::db::connect::APP_ROLE;
use rustix::process::{Pid, Signal, kill_process};

use super::client;
use crate::support::cluster;

pub(super) struct Running {
    child: Child,
    pub address: SocketAddr,
    folder: PathBuf,
}

/// A folder for one test, empty. Gone when the test is over, unless it failed: then its logs help.
pub(super) struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

pub(super) fn folder(name: &str) -> Folder {
    let folder =
        std::env::temp_dir().join("groundswell-tests").join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    Folder(folder)
}

pub(super) fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a free port")
}

/// The address of a database in the tests' own cluster, as the application's role.
pub(super) fn url(database: &str) -> String {
    let cluster = cluster::cluster();
    let (host, port) = (cluster.socket_dir.display(), cluster.port);
    format!("postgres://{APP_ROLE}:{}@localhost/{database}?host={host}&port={port}", cluster.password)
}

/// The same, as the role that migrates.
pub(super) fn owner_url(database: &str) -> String {
    let cluster = cluster::cluster();
    url(database).replace(APP_ROLE, &cluster.superuser)
}

impl Running {
    /// `groundswell serve`, with nothing in its environment but `env`.
    pub(super) fn serve(listener: &TcpListener, folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let log =
            |name: &str| File::options().create(true).append(true).open(folder.join(name)).expect("a log");
        // The protocol of LISTEN_FDS: the socket is file 3, and the pid is the one of who may take it.
        let hand_over = "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" serve \"$@\"";
        let socket = OwnedFd::from(listener.try_clone().expect("the socket twice"));
        let address = listener.local_addr().expect("an address");
        let child = Command::new("/bin/sh")
            .args(["-c", hand_over, env!("CARGO_BIN_EXE_groundswell")])
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GROUNDSWELL_LISTEN", address.to_string())
            .env("GROUNDSWELL_DATA_DIR", folder.join("data"))
            .env("GROUNDSWELL_SECRET_KEY", "5e".repeat(32))
            .envs(env.iter().copied())
            .stdin(socket)
            .stdout(Stdio::from(log("out")))
            .stderr(Stdio::from(log("log")))
            .spawn()
            .expect("the binary starts");
        Self { child, address, folder: folder.to_owned() }
    }

    /// What it printed and logged, for people who read a failed test.
    pub(super) fn said(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("out") + &read("log")
    }

    pub(super) async fn is_ready(&self) -> bool {
        client::get(self.address, "/readyz", "").await.is_ok_and(|answer| answer.status == 200)
    }

    pub(super) async fn until_ready(&self) {
        let ready = eventually(Duration::from_secs(60), async || self.is_ready().await).await;
        assert!(ready.is_some(), "it is never ready:\n{}", self.said());
    }

    pub(super) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a pid");
        kill_process(pid, signal).expect("it takes signals");
    }

    pub(super) fn has_ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("its state")
    }

    pub(super) async fn ends_within(&mut self, limit: Duration) -> ExitStatus {
        let mut status = None;
        eventually(limit, async || {
            status = self.has_ended();
            status.is_some()
        })
        .await;
        status.unwrap_or_else(|| panic!("it does not end within {limit:?}:\n{}", self.said()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long it took until `is_so`; `None` when it was not within `limit`.
pub(super) async fn eventually(limit: Duration, mut is_so: impl AsyncFnMut() -> bool) -> Option<Duration> {
    let start = Instant::now();
    let mut look = tokio::time::interval(Duration::from_millis(10));
    while start.elapsed() < limit {
        look.tick().await;
        if is_so().await {
            return Some(start.elapsed());
        }
    }
    None
}
