use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::Command,
};

use groundswell::postgres;

use super::{
    program::Program,
    workplace::{Workplace, eventually, sql},
};

#[test]
fn a_pid_file_that_names_another_live_program_does_not_stop_a_start() {
    let place = Workplace::new();
    postgres::start(&place.options()).unwrap().stop();
    let cluster = place.root().join("cluster");
    // A program of the server's own user: of another's, PostgreSQL itself knows that it is no server.
    let mut stranger = Command::new("sleep");
    if rustix::process::geteuid().is_root() {
        stranger.uid(fs::metadata(&cluster).unwrap().uid());
    }
    let mut stranger = stranger.arg("600").spawn().unwrap();
    let (pid, data, run) = (stranger.id(), cluster.display(), place.root().join("run"));
    let stale = format!("{pid}\n{data}\n1700000000\n5432\n{}\n\n  1234  0\nready   \n", run.display());
    fs::write(cluster.join("postmaster.pid"), &stale).unwrap();
    fs::write(run.join(".s.PGSQL.5432.lock"), &stale).unwrap();

    let server = postgres::start(&place.options());

    let unharmed = stranger.try_wait().unwrap().is_none();
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    let server = server.unwrap();
    assert!(unharmed);
    assert_eq!(sql(&server, "select 1").as_deref(), Some("1"));
    server.stop();
}

#[test]
fn an_initdb_that_was_cut_short_leaves_nothing() {
    let place = Workplace::new();
    let program = Program::start(&place.root());
    let unfinished = || {
        let entries = fs::read_dir(place.root()).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains("cluster.init-"))
    };
    let folder = eventually("initdb writes", || unfinished().filter(|folder| folder.join("base").exists()));

    program.kill();

    assert!(!place.root().join("cluster").exists());
    let server = postgres::start(&place.options()).unwrap();
    assert!(!folder.exists());
    assert_eq!(unfinished(), None);
    assert_eq!(sql(&server, "select 1").as_deref(), Some("1"));
    server.stop();
}

#[test]
fn a_server_that_was_started_by_hand_is_replaced_by_ours() {
    let place = Workplace::new();
    let server = postgres::start(&place.options()).unwrap();
    let programs = sql(&server, "select setting from pg_config where name = 'BINDIR'").unwrap();
    server.stop();
    let cluster = place.root().join("cluster");
    let mut by_hand = Command::new(format!("{programs}/postgres"));
    if rustix::process::geteuid().is_root() {
        let owner = fs::metadata(&cluster).unwrap();
        by_hand.uid(owner.uid()).gid(owner.gid());
    }
    by_hand.arg("-D").arg(&cluster).arg("-k").arg(place.root().join("run"));
    let mut by_hand = by_hand
        .args(["-c", "listen_addresses=", "-c", "shared_buffers=16MB"])
        .current_dir("/")
        .spawn()
        .unwrap();
    eventually("it runs", || {
        let file = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        file.contains("ready").then_some(())
    });

    let server = postgres::start(&place.options()).unwrap();

    assert!(by_hand.wait().unwrap().success(), "it was stopped in order");
    assert_eq!(sql(&server, "select 1").as_deref(), Some("1"));
    server.stop();
}
