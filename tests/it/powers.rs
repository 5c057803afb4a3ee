//! A database role with more power than it needs is refused, with a sentence (TEN-7).

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use groundswell::db::role_check;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::support::cluster::{self, Role};

/// A role that must not be served with: what makes it so, and what is said about it.
const TOO_POWERFUL: &[(&str, &str, &str)] = &[
    ("super", "alter role {role} superuser", "is a superuser"),
    ("bypass", "alter role {role} bypassrls", "may bypass row security"),
    ("owner", "alter table users owner to {role}", "owns tables of the application"),
    ("member", "grant groundswell_owner to {role}", "is a member of the role that owns the tables"),
];

/// A database with this role in it, and a connection as that role.
async fn signed_in_as(kind: &str, make: &str) -> (String, String) {
    let database = cluster::fresh_database().await;
    let role = format!("{kind}_{database}");
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&database, Role::Super).0).await.unwrap();
    let sql = format!(
        "create role {role} login password 'x'; grant groundswell_app to {role}; {}",
        make.replace("{role}", &role)
    );
    conn.execute(AssertSqlSafe(sql)).await.unwrap();
    (database, role)
}

async fn connect(database: &str, role: &str) -> PgConnection {
    let options = cluster::endpoint(database, Role::Super).0.username(role).password("x");
    PgConnection::connect_with(&options).await.unwrap()
}

/// Roles belong to the whole cluster: what a test made, it takes away.
async fn forget(database: &str, role: &str) {
    let mut conn = PgConnection::connect_with(&cluster::endpoint(database, Role::Super).0).await.unwrap();
    let sql =
        format!("reassign owned by {role} to groundswell_owner; drop owned by {role}; drop role {role}");
    conn.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn each_role_with_too_much_power_is_named_with_what_is_wrong() {
    for (kind, make, said) in TOO_POWERFUL {
        let (database, role) = signed_in_as(kind, make).await;
        let mut conn = connect(&database, &role).await;
        let reasons = role_check::too_powerful(&mut conn).await.unwrap();
        let wanted = format!("the database role {role} {said}");
        assert!(reasons.contains(&wanted), "{kind}: {reasons:?}");
        conn.close().await.unwrap();
        forget(&database, &role).await;
    }
}

#[tokio::test]
async fn taking_another_role_on_hides_no_power() {
    let database = cluster::fresh_database().await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&database, Role::Super).0).await.unwrap();
    conn.execute("set role groundswell_app").await.unwrap();
    let reasons = role_check::too_powerful(&mut conn).await.unwrap();
    assert!(reasons.iter().any(|reason| reason.ends_with("is a superuser")), "{reasons:?}");
}

#[tokio::test]
async fn the_application_s_own_role_is_fine() {
    let database = cluster::fresh_database().await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&database, Role::App).0).await.unwrap();
    assert_eq!(role_check::too_powerful(&mut conn).await.unwrap(), Vec::<String>::new());
}

/// Starts the real program on this database; gives what it said by the time it gave up.
async fn serve(database: &str, role: &str) -> (Option<i32>, String) {
    let cluster = cluster::cluster();
    let socket = cluster.socket_dir.display();
    let url = format!("postgres://{role}:x@localhost:{}/{database}?host={socket}", cluster.port);
    let data = std::env::temp_dir().join(format!("groundswell-{role}"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_groundswell"))
        .args(["serve", "--listen", "127.0.0.1:0", "--secret-key", &"5e".repeat(32), "--data-dir"])
        .arg(&data)
        .env_clear()
        .env("DATABASE_URL", url)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut words = child.stderr.take().unwrap();
    let reading = tokio::task::spawn_blocking(move || std::io::read_to_string(&mut words).unwrap());
    let said = tokio::time::timeout(Duration::from_secs(30), reading).await;
    let is_over = said.is_ok();
    // One that goes on serving is stopped here, and has failed the test by its lack of a code.
    child.kill().unwrap();
    let code = child.wait().unwrap().code().filter(|_| is_over);
    let _ = std::fs::remove_dir_all(data);
    (code, said.map_or_else(|_| "nothing in thirty seconds".to_owned(), |said| said.unwrap()))
}

#[tokio::test]
async fn the_program_does_not_start_with_any_of_them() {
    for (kind, make, said) in TOO_POWERFUL {
        let (database, role) = signed_in_as(kind, make).await;
        let (code, words) = serve(&database, &role).await;
        assert!(code.is_some_and(|code| code != 0), "{kind}: {code:?} {words}");
        assert!(words.contains(&format!("The database role {role} {said}.")), "{kind}: {words}");
        forget(&database, &role).await;
    }
}

#[tokio::test]
async fn the_program_does_not_start_on_a_database_with_a_hole() {
    let (database, role) = signed_in_as("plain", "alter table roles disable row level security").await;
    let (code, words) = serve(&database, &role).await;
    assert!(code.is_some_and(|code| code != 0), "{code:?} {words}");
    assert!(words.contains("Row security is not enabled on the tenant table public.roles (R1)."), "{words}");
    forget(&database, &role).await;
}
