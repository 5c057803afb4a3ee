//! A folder for one test, and waiting for something to become true.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use groundswell::postgres::{Options, Server};

/// Gone with all in it when dropped.
pub struct Workplace(PathBuf);

impl Workplace {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("groundswell-test-{}-{number}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        // The server's user must be able to pass.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    pub fn root(&self) -> PathBuf {
        self.0.join("db")
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn options(&self) -> Options {
        Options { root: self.root(), bin_dir: None, server_user: None, durable: false }
    }

    /// The pid in `postmaster.pid`, whoever that is.
    pub fn postmaster(&self) -> Option<i32> {
        let file = fs::read_to_string(self.root().join("cluster/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // A server that is still leaving may write; what it writes is not kept either.
        let begun = Instant::now();
        while fs::remove_dir_all(&self.0).is_err() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
    }
}

/// Asks again and again, and gives up loudly.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "another process can only be polled")]
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: not within 60 s");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn sql(server: &Server, statement: &str) -> Option<String> {
    let output = Command::new("psql")
        .args(["-XqAt", "-U", server.superuser(), "-d", "postgres", "-c", statement, "-h"])
        .arg(server.socket_dir())
        .env("PGPASSWORD", server.password())
        .output()
        .unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

pub fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
}
