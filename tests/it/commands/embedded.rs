//! `serve` with a database of its own.

use std::{process::Command, time::Duration};

use rustix::process::Signal;

use super::running::{Running, folder, listener};

#[tokio::test]
async fn it_starts_with_nothing_and_again_after_kill_9_and_a_second_one_is_refused() {
    let (folder, socket) = (folder("embedded"), listener());
    let mut process = Running::serve(&socket, &folder, &["--seed"], &[]);
    process.until_ready().await;
    assert!(process.said().contains("Groundswell is at http://localhost:"), "{}", process.said());
    assert!(process.said().contains("@"), "the sample people are listed:\n{}", process.said());

    let refused = |listen: &str| {
        let mut second = Command::new(env!("CARGO_BIN_EXE_groundswell"));
        let second = second
            .args(["serve", "--listen", listen])
            .env_clear()
            .env("GROUNDSWELL_DATA_DIR", folder.join("data"));
        let done = second.output().expect("the binary runs");
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (code, told) = refused("127.0.0.1:0");
    assert!(code == Some(1) && told.contains("already uses"), "{code:?}: {told}");
    let (code, told) = refused(&process.address.to_string());
    assert!(code == Some(1) && told.contains("is already in use"), "{code:?}: {told}");

    process.signal(Signal::KILL);
    process.ends_within(Duration::from_secs(5)).await;
    let mut process = Running::serve(&socket, &folder, &[], &[]);
    process.until_ready().await;
    process.signal(Signal::INT);
    assert_eq!(process.ends_within(Duration::from_secs(20)).await.code(), Some(0), "{}", process.said());
    assert!(!folder.join("data/db/cluster/postmaster.pid").exists(), "PostgreSQL is left running");
}
