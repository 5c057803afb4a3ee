//! What can be known from outside, without the lock: for commands that run beside the program which
//! holds the server, and for the check of an installation.

use std::{fs, os::unix::net::UnixStream, path::Path};

use super::{
    Error, FALLBACK_ROOT, Options,
    binaries::Binaries,
    cluster,
    folder::{self, Folder},
    pid_file::PidFile,
    server_user::ServerUser,
};

/// A server that another program runs, and how to enter it.
#[derive(Clone)]
pub struct Neighbour {
    pub socket_dir: std::path::PathBuf,
    pub port: u16,
    pub superuser: &'static str,
    pub password: String,
}

/// The running server of the folder `root`, or of the fallback when `root` holds no data.
pub fn neighbour(root: &Path) -> Option<Neighbour> {
    let folder = [root, Path::new(FALLBACK_ROOT)].iter().find_map(|root| {
        let folder = Folder::seen(root).ok()?;
        folder.data().exists().then_some(folder)
    })?;
    let is_ready = PidFile::read(&folder)?.ready && UnixStream::connect(folder.socket()).is_ok();
    let password = fs::read_to_string(folder.secret()).ok()?.trim().to_owned();
    is_ready.then(|| Neighbour {
        socket_dir: folder.socket_dir().to_owned(),
        port: folder::PORT,
        superuser: cluster::SUPERUSER,
        password,
    })
}

/// The major version that would be run, or why none could be. Makes nothing.
pub fn examine(options: &Options) -> Result<u32, Error> {
    let folder = Folder::seen(&options.root).map_err(Error::folder(&options.root))?;
    let user = ServerUser::choose(options.server_user.as_deref(), folder.owner_of_data())?;
    Ok(Binaries::find(options.bin_dir.as_deref(), &folder, &user)?.major)
}
