//! AUD-1: whoever changes the log behind the application's back is found out.

use groundswell::audit::verify::verify;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use uuid::Uuid;

use super::logged;
use crate::support::{
    TestApp,
    cluster::{self, Role},
};

const ROWS: usize = 1000;

/// A connection that no row is hidden from.
pub(crate) async fn look(app: &TestApp) -> PgConnection {
    PgConnection::connect_with(&cluster::endpoint(&app.database, Role::Super).0).await.unwrap()
}

/// What `groundswell audit verify` finds after these statements, which are then undone.
async fn found_after(conn: &mut PgConnection, org: Uuid, tampering: &str) -> usize {
    conn.execute(AssertSqlSafe(format!("begin; {tampering}"))).await.unwrap();
    let found = verify(conn, org).await.unwrap().breaks.len();
    conn.execute("rollback").await.unwrap();
    found
}

#[tokio::test]
async fn a_log_that_nobody_touched_is_whole() {
    let app = TestApp::new().await;
    let org = logged(&app, 50).await;

    let verified = verify(&mut look(&app).await, org).await.unwrap();

    assert_eq!((verified.rows, verified.breaks), (50, Vec::new()));
}

#[tokio::test]
async fn every_one_of_a_thousand_rows_that_a_superuser_changes_is_found() {
    let app = TestApp::new().await;
    let org = logged(&app, ROWS).await;
    let mut conn = look(&app).await;
    let row = |n: usize| format!("where organization_id = '{org}' and seq = {n}");
    let mut found = 0;
    for n in 1..=ROWS {
        let (here, other) = (row(n), row(n % ROWS + 1));
        let tampering = match n % 8 {
            0 => format!("update audit_log set actor_name = 'Somebody else' {here}"),
            1 => format!("update audit_log set after = '{{\"n\": 7777}}' {here}"),
            2 => format!("update audit_log set occurred_at = occurred_at + interval '1 microsecond' {here}"),
            3 => format!("update audit_log set outcome = 'denied' {here}"),
            4 => format!("delete from audit_log {here}"),
            // Two rows change places.
            5 => format!(
                "update audit_log set seq = 1000000 {here}; update audit_log set seq = {n} {other};
                 update audit_log set seq = {} where organization_id = '{org}' and seq = 1000000", n % ROWS + 1),
            // A row more at the end, hashed as it ought to be but for what it follows.
            6 => format!(
                "insert into audit_log select organization_id, {}, occurred_at, actor_kind, actor_id, actor_name, action,
                    outcome, subject_kind, subject_id, subject_name, before, after, reason, address, request_id,
                    previous_hash, hash from audit_log {here}", ROWS + 1),
            _ => format!("update audit_log set hash = sha256(hash) {here}"),
        };
        found += usize::from(found_after(&mut conn, org, &tampering).await > 0);
    }
    assert_eq!(found, ROWS);
}

#[tokio::test]
async fn a_log_cut_off_at_its_end_is_found() {
    let app = TestApp::new().await;
    let org = logged(&app, 20).await;
    let mut conn = look(&app).await;

    let cut = format!("delete from audit_log where organization_id = '{org}' and seq > 15");
    let forgotten = format!("delete from audit_heads where organization_id = '{org}'");

    assert!(found_after(&mut conn, org, &cut).await > 0);
    assert!(found_after(&mut conn, org, &forgotten).await > 0);
}

#[tokio::test]
async fn the_application_can_neither_change_nor_remove_what_was_written() {
    let app = TestApp::new().await;
    let org = logged(&app, 2).await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&app.database, Role::App).0).await.unwrap();
    for sql in [
        "update audit_log set reason = 'x'",
        "delete from audit_log",
        "truncate audit_log",
        "delete from audit_heads",
    ] {
        let inside = format!("begin; set local app.current_organization_id = '{org}'; {sql}");
        let error = conn.execute(AssertSqlSafe(inside)).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{sql}: {error}");
        conn.execute("rollback").await.unwrap();
    }
}

#[tokio::test]
async fn many_at_once_leave_one_chain_without_a_gap() {
    let app = TestApp::new().await;
    let org = logged(&app, 1).await;
    let writing = (0..20).map(|n| {
        let scope = groundswell::tenancy::JobScope::new(app.app.db.clone(), org.into(), "a test");
        let clock = app.app.clock.clone();
        async move {
            let mut tx = scope.enter().await.unwrap();
            let entry = groundswell::audit::Entry::new("members.invited").on("user", n, "Somebody");
            tx.record(entry, clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    futures_util::future::join_all(writing).await;

    let verified = verify(&mut look(&app).await, org).await.unwrap();

    assert_eq!((verified.rows, verified.breaks), (21, Vec::new()));
}

#[tokio::test]
async fn who_tries_what_they_may_not_is_kept() {
    let app = TestApp::new().await;
    let mut vic = app.sign_in("vic@acme.test").await;

    assert_eq!(vic.get("/w/acme/settings").await.status, 403);

    let kept: String = app
        .stored("select actor_name || ' ' || action || ' ' || outcome || ' ' || subject_id || ' ' || address from audit_log order by occurred_at desc limit 1")
        .await;
    assert_eq!(kept, "Vic Viewer access.denied denied workspace.edit 203.0.113.9");
}
