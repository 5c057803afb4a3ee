//! Which `postgres` and `initdb`: those of the machine, for we bring none.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{Error, folder::Folder, server_user::ServerUser};

/// The oldest major version that the schema is written for.
pub(super) const OLDEST: u32 = 15;

/// Where systems put them: parent, what stands before the version, folder below.
const PLACES: [(&str, &str, &str); 9] = [
    ("/usr/lib/postgresql", "", "bin"),                       // Debian, Ubuntu
    ("/usr/lib", "postgresql", "bin"),                        // SUSE
    ("/usr", "pgsql-", "bin"), // packages of postgresql.org for Fedora and RHEL
    ("/usr/libexec", "postgresql", ""), // Alpine
    ("/opt/homebrew/opt", "postgresql@", "bin"), // Homebrew on Apple silicon
    ("/usr/local/opt", "postgresql@", "bin"), // Homebrew on Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"), // Homebrew on Linux
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"), // Postgres.app
    ("/Library/PostgreSQL", "", "bin"), // EDB's installer
];

#[derive(Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// The version that made the data, or the newest when there are none yet.
    /// `only` is where to look when somebody said so.
    pub(super) fn find(only: Option<&Path>, folder: &Folder, user: &ServerUser) -> Result<Self, Error> {
        // The child does not start where we are, so a relative path would mean another place to it.
        let only = only.map(|dir| std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned()));
        let dirs = only.clone().map_or_else(candidates, |dir| vec![dir]);
        let data = folder.major()?;
        let mut found = Vec::new();
        for dir in &dirs {
            let Some(major) = major_of(dir, user) else { continue };
            if data.map_or(major >= OLDEST, |data| data == major) {
                return Ok(Self { dir: dir.clone(), major });
            }
            if !found.contains(&major) {
                found.push(major);
            }
        }
        Err(match data {
            Some(data) => Error::WrongMajor { path: folder.data(), data, found },
            None => Error::NoBinaries { looked_in: only.into_iter().collect() },
        })
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }
}

/// Best first: beside our own program, then the newest of the known places, then the search path.
fn candidates() -> Vec<PathBuf> {
    let ours = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("postgres/bin")));
    let mut versions: Vec<(u32, PathBuf)> = PLACES.iter().flat_map(versions_in).collect();
    versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    let path = std::env::var_os("PATH").unwrap_or_default();
    ours.into_iter()
        .chain(versions.into_iter().map(|(_, dir)| dir))
        .chain(std::env::split_paths(&path))
        .collect()
}

fn versions_in((parent, before, below): &(&str, &str, &str)) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let versions = entries.flatten().filter_map(|entry| {
        let major = entry.file_name().to_str()?.strip_prefix(before)?.parse().ok()?;
        Some((major, entry.path().join(below)))
    });
    versions.collect()
}

/// The major version of the programs in `dir`, `None` when they are not whole or `user` may not run them.
fn major_of(dir: &Path, user: &ServerUser) -> Option<u32> {
    let postgres = dir.join("postgres");
    if !postgres.is_file() || !dir.join("initdb").is_file() {
        return None;
    }
    let answer =
        user.command(&postgres, Path::new("/")).arg("--version").stderr(Stdio::null()).output().ok()?;
    parse_major(&String::from_utf8(answer.stdout).ok()?)
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `postgres (PostgreSQL) 19beta1`
fn parse_major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The one command that installs a server on this system.
pub(super) fn install_command() -> String {
    let all = [
        (&["debian", "ubuntu"][..], "apt-get install --no-install-recommends postgresql"),
        (&["fedora", "rhel", "centos"], "dnf install postgresql-server postgresql-contrib"),
        (&["alpine"], "apk add postgresql16 postgresql16-contrib"),
        (&["arch"], "pacman -S postgresql"),
        (&["macos"], "brew install postgresql@17"),
    ];
    let systems = systems();
    match all.iter().find(|(names, _)| names.iter().any(|name| systems.iter().any(|system| system == name))) {
        Some((_, command)) => (*command).to_owned(),
        None => all.map(|(names, command)| format!("{} ({})", command, names.join(", "))).join("; "),
    }
}

/// What this system calls itself, and what it says it is like.
fn systems() -> Vec<String> {
    if cfg!(target_os = "macos") {
        return vec!["macos".to_owned()];
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let named =
        release.lines().filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")));
    named.flat_map(|value| value.trim_matches('"').split(' ')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn the_major_version_is_the_number_before_anything_else() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(parse_major("postgres (PostgreSQL) 18"), Some(18));
        assert_eq!(parse_major("postgres"), None);
    }
}
