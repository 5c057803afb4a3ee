//! `groundswell secrets`, and starting without a key that is needed.

use std::{fs::File, path::Path, process::Command, time::Duration};

use rustix::process::Signal;

use super::running::{Running, eventually, folder, listener, url};
use crate::support::cluster;

const PATIENCE: Duration = Duration::from_secs(60);
const OLD: &str = "5e";
const NEW: &str = "6f";

/// The binary with nothing in its environment but `env`. One that goes on for ever is ended, without a code.
pub(super) async fn groundswell(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
    let folder = folder(&format!("secrets-{}", uuid::Uuid::new_v4()));
    let said = File::create(folder.join("said")).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundswell"));
    let command = command.args(args).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let command = command.stdout(said.try_clone().expect("the file twice")).stderr(said);
    let mut child = command.envs(env.iter().copied()).spawn().expect("the binary runs");
    let mut code = None;
    eventually(PATIENCE, async || {
        code = child.try_wait().expect("its state");
        code.is_some()
    })
    .await;
    if code.is_none() {
        child.kill().expect("it can be ended");
        child.wait().expect("it ended");
    }
    let said = std::fs::read_to_string(folder.join("said")).expect("what it said");
    (code.and_then(|code| code.code()), said)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// The name of the key that is this octet thirty-two times.
fn name(octet: &str) -> String {
    groundswell::crypto::Keys::parse(&octet.repeat(32)).expect("a key").id().to_string()
}

#[tokio::test]
async fn without_a_key_that_is_needed_it_does_not_start_and_the_doctor_says_which() {
    let database = url(&cluster::fresh_database().await);
    let folder = folder("missing-key");
    let new = NEW.repeat(32);
    let env = [
        ("DATABASE_URL", database.as_str()),
        ("GROUNDSWELL_SECRET_KEY", new.as_str()),
        ("GROUNDSWELL_DATA_DIR", text(&folder)),
        ("GROUNDSWELL_LISTEN", "127.0.0.1:0"),
    ];
    let missing = format!("The master key {} is missing: 2 data keys and 0 two-factor secrets", name(OLD));

    for args in
        [&["serve"][..], &["work"], &["secrets", "status"], &["secrets", "rotate"], &["doctor", "--dev"]]
    {
        let (code, said) = groundswell(args, &env).await;
        assert_eq!(code, Some(1), "{args:?}: {said}");
        assert!(said.contains(&missing) && said.contains("GROUNDSWELL_OLD_SECRET_KEYS"), "{args:?}: {said}");
        assert!(!said.contains(&new), "{args:?}: {said}");
    }
}

#[tokio::test]
async fn rotating_says_what_was_done_and_which_key_may_go_and_then_it_starts_without() {
    let database = url(&cluster::fresh_database().await);
    let (folder, socket) = (folder("rotate"), listener());
    let (old, new) = (OLD.repeat(32), NEW.repeat(32));
    let both = [
        ("DATABASE_URL", database.as_str()),
        ("GROUNDSWELL_SECRET_KEY", new.as_str()),
        ("GROUNDSWELL_OLD_SECRET_KEYS", old.as_str()),
        ("GROUNDSWELL_DATA_DIR", text(&folder)),
    ];

    let (code, before) = groundswell(&["secrets", "status"], &both).await;
    assert_eq!(code, Some(0), "{before}");
    assert!(
        before.contains(&format!("{}  current (GROUNDSWELL_SECRET_KEY): 0 data keys", name(NEW))),
        "{before}"
    );
    assert!(before.contains(&format!("{}  for reading (number 1 in GROUNDSWELL_OLD", name(OLD))), "{before}");
    assert!(!before.contains("may be removed"), "{before}");

    for (moved, code) in [("2 data keys", Some(0)), ("0 data keys", Some(0))] {
        let (found, said) = groundswell(&["secrets", "rotate"], &both).await;
        assert_eq!(found, code, "{said}");
        assert!(said.contains(&format!("the master key {} anew: {moved}", name(NEW))), "{said}");
        assert!(said.contains(&format!("The master key {} (number 1 in", name(OLD))), "{said}");
        assert!(said.contains("may be removed") && !said.contains(&old), "{said}");
    }
    let env = [("DATABASE_URL", database.as_str()), ("GROUNDSWELL_SECRET_KEY", new.as_str())];
    let process = Running::serve(&socket, &folder, &[], &env);
    process.until_ready().await;
}

#[tokio::test]
async fn the_key_file_gets_its_next_key_and_what_the_former_sealed_is_read_and_moved() {
    let (folder, socket) = (folder("next-key"), listener());
    let data = folder.join("data");
    // The key is in the file here, not in the environment.
    let with_file = [("GROUNDSWELL_SECRET_KEY", "")];
    let mut process = Running::serve(&socket, &folder, &["--seed"], &with_file);
    process.until_ready().await;
    process.signal(Signal::INT);
    process.ends_within(Duration::from_secs(20)).await;
    let first = std::fs::read_to_string(data.join("secret.key")).expect("the key file");

    let env = [("GROUNDSWELL_DATA_DIR", text(&data))];
    let (code, said) = groundswell(&["secrets", "next-key"], &env).await;
    assert!(code == Some(0) && said.contains("Restart every process"), "{said}");
    let both = std::fs::read_to_string(data.join("secret.key")).expect("the key file");
    assert!(both.ends_with(&first) && both.lines().count() == 2, "the former is kept below the next");
    assert!(!said.contains(both.split(' ').next().expect("a key")), "{said}");

    let process = Running::serve(&socket, &folder, &[], &with_file);
    process.until_ready().await;
    let (code, said) = groundswell(&["secrets", "rotate"], &env).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 data key") || said.contains("anew: 1 data"), "{said}");
    assert!(said.contains("(key 2 in ") && said.contains("may be removed"), "{said}");
}
