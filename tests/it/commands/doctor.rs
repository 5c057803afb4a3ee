//! What the doctor says, and that it changes nothing.

use std::process::Command;

use super::running::{Running, folder, listener, url};
use crate::support::{TestApp, cluster};

fn doctor(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundswell"));
    let command = command
        .arg("doctor")
        .args(args)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let done = command.envs(env.iter().copied()).output().expect("the binary runs");
    (
        done.status.code(),
        String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr),
    )
}

#[test]
fn on_a_machine_set_up_for_development_nothing_is_wrong() {
    let folder = folder("doctor");
    let data = folder.join("data");
    let address = listener().local_addr().expect("an address").to_string();

    let (code, told) = doctor(
        &["--dev"],
        &[("GROUNDSWELL_DATA_DIR", data.to_str().expect("text")), ("GROUNDSWELL_LISTEN", &address)],
    );

    assert_eq!(code, Some(0), "{told}");
    assert!(told.ends_with("Nothing is wrong.\n"), "{told}");
    assert!(!data.exists(), "it looked, and made nothing");
}

#[test]
fn everything_that_is_wrong_is_told_with_what_to_do() {
    let taken = listener();
    let address = taken.local_addr().expect("an address").to_string();
    let wrong = [
        ("GROUNDSWELL_LISTEN", address.as_str()),
        ("GROUNDSWELL_BASE_URL", "http://app.example.com"),
        ("GROUNDSWELL_DATA_DIR", "/dev/null/data"),
        ("GROUNDSWELL_DEV", "true"),
        ("GROUNDSWELL_SMTP_URL", "smtp://user:pw@127.0.0.1:9"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:9/nowhere"),
        ("GROUNDSWELL_LISTN", "a slip of the pen"),
    ];

    let (code, told) = doctor(&[], &wrong);

    assert_eq!(code, Some(1), "{told}");
    for words in [
        "it is not Groundswell that does",
        "may not write to /dev/null",
        "is not encrypted",
        "Turn it off",
        "mail server cannot be used",
        "password that can be read on the way",
        "has no domain of yours",
        "database cannot be used: error communicating with database: Connection refused",
        "GROUNDSWELL_LISTN, which is not a setting",
    ] {
        assert!(told.contains(words), "{words} is missing in:\n{told}");
    }
}

#[tokio::test]
async fn a_database_that_is_behind_or_entered_with_too_much_power_is_told() {
    let app = TestApp::new().await;
    sqlx::query("delete from public._sqlx_migrations where version > 202611210900")
        .execute(&app.owner)
        .await
        .expect("fewer");
    let cluster = cluster::cluster();
    let powerful = url(&app.database).replace("groundswell_app", &cluster.superuser);

    let (code, told) = doctor(&["--dev"], &[("DATABASE_URL", &powerful)]);

    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("is a superuser") && told.contains("use the role groundswell_app"), "{told}");
    assert!(told.contains("The database lacks migrations"), "{told}");
}

#[tokio::test]
async fn a_container_can_ask_whether_its_server_lives() {
    let database = url(&cluster::fresh_database().await);
    let (folder, socket) = (folder("live"), listener());
    let address = socket.local_addr().expect("an address").to_string();
    let process = Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &database)]);
    process.until_ready().await;

    assert_eq!(doctor(&["--live"], &[("GROUNDSWELL_LISTEN", &address)]).0, Some(0));
    drop(process);
    drop(socket);
    let (code, told) = doctor(&["--live"], &[("GROUNDSWELL_LISTEN", &address)]);
    assert!(code == Some(1) && told.contains("Nothing answers"), "{told}");
}
