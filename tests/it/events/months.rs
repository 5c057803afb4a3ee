//! The months of the log: made ahead, closed to whoever goes around the log, dropped in time.

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
    groundswell::jobs::enqueue_for_installation(
        &mut app.app.db.connection().await.unwrap(),
        &months::KeepMonths,
        None,
    )
    .await
    .unwrap();

    worker::run_due(&app.app, &app::kinds(true)).await.unwrap();

    assert_eq!(app.stored::<i64>(MONTHS).await, 6, "the old one is gone, the newer one stays");
}
