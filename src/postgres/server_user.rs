//! Who the server runs as: ourselves, or an unprivileged user when we are root.

use std::{
    fs, io,
    os::unix::{fs::chown, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
};

use super::Error;

#[derive(Clone, Debug)]
pub(super) struct ServerUser {
    name: String,
    uid: u32,
    gid: u32,
    /// Whether it is not us: then we are root, and change to it in the child.
    another: bool,
}

impl ServerUser {
    /// `owner` is the user and group of the data, when there are data: they say who runs the server.
    pub(super) fn choose(wanted: Option<&str>, owner: Option<(u32, u32)>) -> Result<Self, Error> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { name: name_of(uid), uid, gid, another: false });
        }
        if let Some((uid, gid)) = owner.filter(|(uid, _)| *uid != 0) {
            return Ok(Self { name: name_of(uid), uid, gid, another: true });
        }
        let names = wanted.map_or_else(|| vec!["postgres", "nobody"], |name| vec![name]);
        names.iter().find_map(|name| lookup(name)).ok_or_else(|| Error::NoServerUser {
            looked_for: format!("it needs an unprivileged user, and {} is none here", names.join(" or ")),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    pub(super) fn is_another(&self) -> bool {
        self.another
    }

    /// A command that runs as this user, with none of our environment and out of reach of Ctrl-C.
    pub(super) fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        if self.another {
            command.uid(self.uid).gid(self.gid); // std drops our other groups with it
        }
        command
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| is_for_the_loader(&name.to_string_lossy())))
            .envs([("LC_ALL", "C"), ("TZ", "UTC"), ("USER", &self.name), ("LOGNAME", &self.name)])
            .env("HOME", home)
            .current_dir("/")
            // The terminal sends Ctrl-C to its whole group; the server must outlive our last request.
            .process_group(0)
            .stdin(Stdio::null());
        command
    }

    /// Whether this user can enter `folder`: tried, for access lists and mounts have a say too.
    pub(super) fn reaches(&self, folder: &Path) -> Result<bool, Error> {
        let mut probe = self.command(Path::new("test"), Path::new("/"));
        match probe.arg("-x").arg(folder).stderr(Stdio::null()).status() {
            Ok(status) => Ok(status.success()),
            // The child could not change its user: every place may run `test`.
            Err(error) if self.another && error.kind() == io::ErrorKind::PermissionDenied => {
                Err(Error::CannotBecome { user: self.name.clone() })
            }
            Err(source) => Err(Error::Run { program: "test".to_owned(), source }),
        }
    }

    pub(super) fn owns(&self, path: &Path) -> io::Result<()> {
        if self.another { chown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    pub(super) fn group_owns(&self, path: &Path) -> io::Result<()> {
        if self.another { chown(path, None, Some(self.gid)) } else { Ok(()) }
    }
}

/// What finds programs and libraries. Everything else stays with us: secrets, and libpq's `PG*`.
fn is_for_the_loader(name: &str) -> bool {
    name == "PATH" || ["LD_", "DYLD_", "NSS_WRAPPER_"].iter().any(|prefix| name.starts_with(prefix))
}

/// A user who is not root, by name.
fn lookup(name: &str) -> Option<ServerUser> {
    let (uid, gid) = in_passwd(|entry, _| entry == name).map(|(_, uid, gid)| (uid, gid)).or_else(|| {
        // macOS and directories keep users elsewhere.
        Some((ask_id("-u", name)?, ask_id("-g", name)?))
    })?;
    (uid != 0).then(|| ServerUser { name: name.to_owned(), uid, gid, another: true })
}

fn name_of(uid: u32) -> String {
    in_passwd(|_, entry| entry == uid).map_or_else(|| uid.to_string(), |(name, ..)| name)
}

/// Name, user and group of the first matching line of `/etc/passwd`.
fn in_passwd(matches: impl Fn(&str, u32) -> bool) -> Option<(String, u32, u32)> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
        matches(name, uid).then(|| (name.to_owned(), uid, gid))
    })
}

fn ask_id(what: &str, name: &str) -> Option<u32> {
    let answer = Command::new("id").args([what, name]).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
}
