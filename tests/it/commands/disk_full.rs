//! FLT-3: the disk under PostgreSQL is full for a while.
//!
//! Takes a file system of its own, for which one has to be root: otherwise it says aloud that it was
//! not tried.

use std::{
    fs::File,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use groundswell::db::connect::APP_ROLE;

use super::{
    client,
    outage::{endpoint, start, town},
    running::{Running, eventually, folder, listener},
};

/// A file system in memory with room for a small database.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=160m,mode=0755", "tmpfs"]).arg(&at);
        let mounted = mount.output().is_ok_and(|done| done.status.success());
        mounted.then_some(Self(at))
    }

    /// Takes every byte that is left.
    fn fill(&self) {
        let mut file = File::create(self.0.join("filler")).expect("a file");
        for size in [1024 * 1024, 4096, 1] {
            let block = vec![7; size];
            while file.write_all(&block).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).expect("the filler goes");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

async fn save(address: SocketAddr, cookie: &str, name: &str) -> (u16, String) {
    // As much as a view may hold, so that the room in pages that are there already is soon used up.
    let form = format!("screen=people&name={name}&query=q%3D{}", "x".repeat(1900));
    let answer = client::post(address, "/w/acme/views", cookie, &form).await.expect("an answer");
    (answer.status, answer.body)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_503_that_says_so_and_all_goes_on_when_there_is_room_again() {
    let folder = folder("disk-full");
    let Some(disk) = SmallDisk::mount(folder.join("disk")) else {
        eprintln!("NOT TRIED: a full disk. Mounting a small file system takes root.");
        return;
    };
    let server = start(&disk.0.join("postgres"));
    let (owner, cookie) = town(&server).await;
    let (host, port) = (text(server.socket_dir()), server.port());
    let url = format!("postgres://{APP_ROLE}:{}@localhost/town?host={host}&port={port}", server.password());
    let data = disk.0.join("data");
    let socket = listener();
    let env = [("DATABASE_URL", url.as_str()), ("GROUNDSWELL_DATA_DIR", text(&data))];
    std::fs::create_dir_all(&data).expect("a folder");
    let mut process = Running::serve(&socket, &folder, &[], &env);
    process.until_ready().await;
    let mut taken = vec!["before".to_owned()];
    assert_eq!(save(process.address, &cookie, "before").await.0, 303);

    disk.fill();
    let ready = client::get(process.address, "/readyz", "").await.expect("an answer");
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains("the disk with the data folder is full"), "{}", ready.body);
    let mut refused = 0;
    for n in 0..400 {
        let name = format!("full-{n}");
        match save(process.address, &cookie, &name).await {
            (303, _) => taken.push(name),
            (503, said) => {
                assert!(said.contains("try again in a moment"), "{said}");
                refused += 1;
            }
            other => panic!("neither taken nor put off: {other:?}\n{}", process.said()),
        }
        if refused == 10 {
            break;
        }
    }
    assert_eq!(refused, 10, "the disk was never full");
    assert_eq!(client::get(process.address, "/livez", "").await.expect("an answer").status, 200);

    disk.make_room();
    let mut n = 0;
    let again = eventually(Duration::from_secs(30), async || {
        n += 1;
        save(process.address, &cookie, &format!("after-{n}")).await.0 == 303
    });
    let again = again.await;
    assert!(again.is_some() && process.is_ready().await, "it does not go on:\n{}", process.said());
    taken.push(format!("after-{n}"));
    assert!(process.has_ended().is_none(), "{}", process.said());

    let owner_again = endpoint(&server, server.superuser(), "town").pool(1);
    owner.close().await;
    let stored: Vec<String> =
        sqlx::query_scalar("select name from saved_views").fetch_all(&owner_again).await.expect("the views");
    let lost: Vec<_> = taken.iter().filter(|name| !stored.contains(name)).collect();
    assert!(lost.is_empty(), "taken and lost: {lost:?}");
    println!("{} views taken, {refused} put off while the disk was full, again after {again:?}", taken.len());
    drop(process);
    server.stop();
}
