use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use groundswell::postgres::{self, Error, Options};

use super::workplace::{Workplace, eventually, kill, sql};

#[test]
fn a_second_instance_refuses_and_says_who_has_the_folder() {
    let place = Workplace::new();
    let server = postgres::start(&place.options()).unwrap();

    let refusal = postgres::start(&place.options()).unwrap_err();

    assert!(matches!(refusal, Error::InUse { .. }));
    assert_eq!(
        refusal.to_string(),
        format!(
            "Another instance (process {}) already uses {}. Stop it first, or give this one another data folder.",
            std::process::id(),
            place.root().display()
        )
    );
    assert_eq!(sql(&server, "select 1").as_deref(), Some("1"), "the first is not disturbed");
    server.stop();
}

#[test]
fn after_a_stop_nothing_runs_and_the_folder_is_free() {
    let place = Workplace::new();
    let server = postgres::start(&place.options()).unwrap();
    sql(&server, "create table kept (n int); insert into kept values (7)").unwrap();
    let password = server.password().to_owned();

    server.stop();

    assert_eq!(server.pid(), None);
    assert_eq!(place.postmaster(), None);
    let again = postgres::start(&place.options()).unwrap();
    assert_eq!(sql(&again, "select n from kept").as_deref(), Some("7"));
    assert_eq!(again.password(), password);
    again.stop();
}

#[test]
fn a_server_that_is_killed_comes_back_while_the_program_lives() {
    let place = Workplace::new();
    let server = postgres::start(&place.options()).unwrap();
    let first = server.pid().unwrap();

    kill(first.cast_signed());

    let second = eventually("another server", || server.pid().filter(|pid| *pid != first));
    eventually("it answers", || sql(&server, "select 1"));
    assert_eq!(place.postmaster(), Some(second.cast_signed()));
    server.stop();
}

#[test]
fn a_dropped_server_ends_by_itself() {
    let place = Workplace::new();
    drop(postgres::start(&place.options()).unwrap());

    eventually("the folder is free", || postgres::start(&place.options()).ok()).stop();
}

#[test]
fn only_the_server_and_its_user_can_look_inside() {
    let place = Workplace::new();
    let server = postgres::start(&place.options()).unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    assert_eq!(mode(place.root()) & 0o007, 0);
    assert_eq!(mode(place.root().join("db.secret")), 0o600);
    assert_eq!(mode(place.root().join("cluster")), 0o700);
    assert_eq!(mode(server.socket_dir().to_owned()), 0o700);
    assert_eq!(sql(&server, "show listen_addresses").as_deref(), Some(""));
    assert!(!format!("{server:?}").contains(server.password()));
    server.stop();
}

#[test]
fn a_folder_too_deep_for_a_socket_has_it_elsewhere() {
    let place = Workplace::new();
    let root = place.root().join("d".repeat(60)).join("e".repeat(60));
    let options = Options { root: root.clone(), ..place.options() };
    fs::create_dir_all(&root).unwrap();
    for folder in root.ancestors().take(3) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }

    let server = postgres::start(&options).unwrap();

    assert_eq!(sql(&server, "select 1").as_deref(), Some("1"));
    assert!(!server.socket_dir().starts_with(&root));
    server.stop();
    fs::remove_dir_all(server.socket_dir()).unwrap();
}

#[test]
fn without_server_programs_the_error_names_the_command_that_installs_them() {
    let place = Workplace::new();
    let empty = place.path().join("bin");
    fs::create_dir(&empty).unwrap();

    let error = postgres::start(&Options { bin_dir: Some(empty), ..place.options() }).unwrap_err();

    assert!(matches!(error, Error::NoBinaries { .. }));
    assert!(error.to_string().contains("install"), "{error}");
}

#[test]
fn data_of_another_major_version_are_left_alone() {
    let place = Workplace::new();
    let cluster = place.root().join("cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();

    let error = postgres::start(&place.options()).unwrap_err();

    assert!(matches!(error, Error::WrongMajor { data: 9, .. }), "{error}");
    assert_eq!(fs::read_dir(&cluster).unwrap().count(), 1);
}

#[test]
fn a_server_that_cannot_start_shows_the_end_of_its_log() {
    let place = Workplace::new();
    postgres::start(&place.options()).unwrap().stop();
    fs::write(place.root().join("cluster/postgresql.conf"), "max_connections = many\n").unwrap();

    let error = postgres::start(&place.options()).unwrap_err();

    assert!(matches!(error, Error::NotReady { .. }));
    assert!(error.to_string().contains("max_connections"), "{error}");
}
