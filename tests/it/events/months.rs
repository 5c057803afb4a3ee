//! The months of the log: made ahead, closed to whoever goes around the log, dropped in time.

use std::sync::atomic::{AtomicBool, Ordering};

use groundswell::{app, events::months, jobs::worker};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::ring;
use crate::support::{
    TestApp,
    cluster::{self, Role},
    tenant::ACME,
};

const MONTHS: &str = "select count(*) from pg_inherits where inhparent = 'events'::regclass";

#[tokio::test]
async fn months_are_made_ahead_once() {
    let app = TestApp::new().await;
    assert_eq!(app.stored::<i64>(MONTHS).await, 5, "the last, this and three ahead");
    assert_eq!(months::ensure(&app.app).await.unwrap(), 0);

    let last: String = app.stored("select max(c.relname)::text from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events'::regclass").await;
    sqlx::query(AssertSqlSafe(format!("drop table {last}"))).execute(&app.owner).await.unwrap();
    assert_eq!(months::ensure(&app.app).await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_reads_around_the_log_and_nobody_changes_it() {
    let app = TestApp::new().await;
    ring(&app, ACME.org, 1).await;
    let month: String = app.stored("select tableoid::regclass::text from events").await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&app.database, Role::App).0).await.unwrap();
    for sql in [
        format!("select * from {month}"),
        "update events set kind = 'x'".to_owned(),
        "delete from events".to_owned(),
    ] {
        let inside = format!("begin; set local app.current_organization_id = '{}'; {sql}", ACME.org);
        let error = conn.execute(AssertSqlSafe(inside)).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{sql}: {error}");
        conn.execute("rollback").await.unwrap();
    }
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn months_of_more_than_two_years_ago_are_dropped_by_their_job() {
    let app = TestApp::new().await;
    for (name, from, to) in [("202001", "2020-01-01", "2020-02-01"), ("202501", "2025-01-01", "2025-02-01")] {
        let sql = format!(
            "set role groundswell_owner; create table events_{name} partition of events for values from ('{from}') to ('{to}')"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    }
    keep_months(&app).await;

    assert_eq!(app.stored::<i64>(MONTHS).await, 6, "the old one is gone, the newer one stays");
}

/// What happens once a day.
async fn keep_months(app: &TestApp) {
    let mut conn = app.app.db.connection().await.unwrap();
    groundswell::jobs::enqueue_for_installation(&mut conn, &months::KeepMonths, None).await.unwrap();
    drop(conn);
    worker::run_due(&app.app, &app::kinds(true)).await.unwrap();
}

/// Writes into the log until it is over, and fails where somebody's lock holds it up for half a second.
async fn write_meanwhile(app: &TestApp, is_over: &AtomicBool) {
    let mut conn =
        PgConnection::connect_with(&cluster::endpoint(&app.database, Role::Owner).0).await.unwrap();
    conn.execute("set lock_timeout = '500ms'").await.unwrap();
    while !is_over.load(Ordering::SeqCst) {
        let sql = "insert into events (organization_id, occurred_at, id, kind, payload)
                   select id, now(), gen_random_uuid(), 'bell.rang', '{}' from organizations where slug = 'acme'";
        conn.execute(sql).await.expect("nobody holds the log for long");
    }
}

#[tokio::test]
async fn nobody_who_writes_waits_for_a_month_to_be_dropped_not_even_behind_somebody_who_reads() {
    let app = TestApp::new().await.leaves_jobs();
    for year in 2018..=2020 {
        let sql = format!(
            "set role groundswell_owner;
             create table events_{year}01 partition of events for values from ('{year}-01-01') to ('{year}-02-01');
             reset role;
             insert into events (organization_id, occurred_at, id, kind, payload)
             select o.id, '{year}-01-10', gen_random_uuid(), 'old.thing', '{{}}'
               from organizations o cross join generate_series(1, 30000) where o.slug = 'acme'"
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    }
    let is_over = AtomicBool::new(false);
    let mut reader =
        PgConnection::connect_with(&cluster::endpoint(&app.database, Role::Owner).0).await.unwrap();

    tokio::join!(write_meanwhile(&app, &is_over), async {
        reader.execute("begin; select count(*) from events").await.unwrap();
        keep_months(&app).await;
        assert_eq!(app.stored::<i64>(MONTHS).await, 8, "somebody reads them");
        reader.execute("commit").await.unwrap();
        app.skip_pauses().await;
        worker::run_due(&app.app, &app::kinds(true)).await.unwrap();
        is_over.store(true, Ordering::SeqCst);
    });

    assert_eq!(app.stored::<i64>(MONTHS).await, 5, "nobody does");
    assert_eq!(app.stored::<i64>("select count(*) from events where kind = 'old.thing'").await, 0);
}
