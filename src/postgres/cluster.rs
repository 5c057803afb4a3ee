//! Making the cluster: whole or not at all. It is made under another name and renamed when done.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use data_encoding::HEXLOWER;

use super::{
    Error,
    binaries::Binaries,
    death_signal::{Farewell, end_with_us},
    folder::{Folder, plain},
    server_user::ServerUser,
    settings, waiting,
};

pub(super) const SUPERUSER: &str = "groundswell_super";

const UNFINISHED: &str = "cluster.init-";

/// The superuser's password, of the cluster that is there or is now made.
pub(super) fn ensure(
    folder: &Folder,
    user: &ServerUser,
    binaries: &Binaries,
    durable: bool,
) -> Result<String, Error> {
    remove_unfinished(folder)?;
    if folder.major()?.is_none() {
        make(folder, user, binaries, durable)?;
    }
    let secret = folder.secret();
    match fs::read_to_string(&secret) {
        Ok(password) => Ok(password.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NoSecret { path: secret }),
        Err(source) => Err(Error::Folder { path: secret, source }),
    }
}

/// An `initdb` whose program was killed may go on for a moment; it has a name of its own to do it in.
fn remove_unfinished(folder: &Folder) -> Result<(), Error> {
    for entry in fs::read_dir(folder.root()).map_err(Error::folder(folder.root()))?.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let mut last = Ok(());
        waiting::until(Duration::from_secs(10), Duration::from_millis(20), || {
            last = fs::remove_dir_all(entry.path());
            last.is_ok()
        });
        last.map_err(Error::folder(entry.path()))?;
    }
    Ok(())
}

fn make(folder: &Folder, user: &ServerUser, binaries: &Binaries, durable: bool) -> Result<(), Error> {
    tracing::info!(folder = %folder.root().display(), major = binaries.major, "making a PostgreSQL cluster");
    write_secret(&folder.secret(), user).map_err(Error::folder(folder.secret()))?;
    let unfinished =
        folder.root().join(format!("{UNFINISHED}{}", random_hex(4).map_err(Error::folder(folder.root()))?));
    fs::DirBuilder::new()
        .mode(0o700)
        .create(&unfinished)
        .and_then(|()| user.owns(&unfinished))
        .map_err(Error::folder(&unfinished))?;
    initdb(folder, user, binaries, &unfinished, durable)?;
    settings::append(&unfinished, user, binaries).map_err(Error::folder(&unfinished))?;
    fs::rename(&unfinished, folder.data()).map_err(Error::folder(folder.data()))?;
    File::open(folder.root()).and_then(|root| root.sync_all()).map_err(Error::folder(folder.root()))
}

/// The server's user must read it, for `initdb` takes no password from us but by a file.
fn write_secret(path: &Path, user: &ServerUser) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut secret = plain(OpenOptions::new().write(true).create_new(true)).open(path)?;
    secret.write_all(random_hex(24)?.as_bytes())?;
    secret.sync_all()?;
    user.owns(path)
}

fn random_hex(bytes: usize) -> io::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(HEXLOWER.encode(&random))
}

fn initdb(
    folder: &Folder,
    user: &ServerUser,
    binaries: &Binaries,
    into: &Path,
    durable: bool,
) -> Result<(), Error> {
    let mut said = String::new();
    // macOS has no C.UTF-8.
    for locale in ["C.UTF-8", "C"] {
        let program = binaries.initdb();
        let mut command = user.command(&program, folder.root());
        end_with_us(&mut command, Farewell::Kill);
        command.arg("-D").arg(into).arg("--pwfile").arg(folder.secret());
        command.args([
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale",
            locale,
            "--data-checksums",
            "--no-instructions",
        ]);
        // A password and not "peer": that would want a line in /etc/passwd at every connection.
        command.args(["--auth-local=scram-sha-256", "--auth-host=scram-sha-256"]);
        command.args((!durable).then_some("--no-sync"));
        let output = command
            .output()
            .map_err(|source| Error::Run { program: program.display().to_string(), source })?;
        if output.status.success() {
            return Ok(());
        }
        said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if said.contains("could not look up effective user ID") {
            remove_unfinished(folder)?;
            return Err(Error::NoPasswdEntry { uid: user.uid() });
        }
    }
    remove_unfinished(folder)?;
    Err(Error::Initdb { path: PathBuf::from(folder.root()), output: said })
}
