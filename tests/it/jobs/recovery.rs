//! JOB-3: a job whose worker died is done by another; what a worker that lost its job does is refused.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::{DateTime, Utc};
use groundswell::{
    jobs::{self, AtWork, Failure, Job, Kinds, trial::Trial},
    tenancy::JobScope,
    web::App,
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

use super::{order, standing};
use crate::support::{
    TestApp,
    cluster::{self, Role},
    tenant::ACME,
};

/// The real program, doing the jobs of this test's database.
fn worker(app: &TestApp) -> Child {
    let cluster = cluster::cluster();
    let url = |role: &str| {
        let socket = cluster.socket_dir.display();
        format!(
            "postgres://{role}:{}@localhost:{}/{}?host={socket}",
            cluster.password, cluster.port, app.database
        )
    };
    Command::new(env!("CARGO_BIN_EXE_groundswell"))
        .args(["work", "--dev"])
        .env("DATABASE_URL", url("groundswell_app"))
        .env("GROUNDSWELL_SECRET_KEY", "5e".repeat(32))
        .env("GROUNDSWELL_LOG", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// The same, once it has begun with a job.
async fn at_work(app: &TestApp) -> Child {
    let process = worker(app);
    until(app, "select exists (select 1 from job_queue where status = 'running')").await;
    process
}

fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

/// Waits until the question is answered with yes.
async fn until(app: &TestApp, question: &'static str) {
    while !app.stored::<bool>(question).await {
        tokio::task::yield_now().await;
    }
}

/// Lets the leases of the dead be over, as they are a minute later.
async fn a_minute_passes(app: &TestApp) {
    sqlx::query("update job_queue set leased_until = now() where status = 'running'")
        .execute(&app.owner)
        .await
        .unwrap();
}

/// Leases are as they are when nobody has renewed them for some seconds.
async fn some_seconds_pass(app: &TestApp) {
    sqlx::query("update job_queue set leased_until = now() + interval '50 seconds' where status = 'running'")
        .execute(&app.owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_job_whose_process_was_killed_is_done_by_the_next_one() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Trial::Wait(50)).await;
    let killed = at_work(&app).await;
    kill(killed);
    assert!(
        app.stored::<bool>("select leased_until <= now() + interval '60 seconds' from job_queue").await,
        "nobody waits longer than a minute for the dead"
    );
    some_seconds_pass(&app).await;
    let lease: DateTime<Utc> = app.stored("select leased_until from job_queue").await;
    sqlx::query("update job_queue set payload = '\"succeed\"'").execute(&app.owner).await.unwrap();

    let next = worker(&app);
    until(&app, "select exists (select 1 from job_queue where status = 'done')").await;
    kill(next);

    let (status, attempts, _) = standing(&app, id).await;
    assert_eq!((status.as_str(), attempts), ("done", 2));
    let finished: DateTime<Utc> = app.stored("select finished_at from job_queue").await;
    assert!(finished < lease, "the dead had it until {lease}, and it was done at {finished}");
}

#[tokio::test]
async fn a_process_that_lives_keeps_its_job() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Trial::Wait(50)).await;
    let living = at_work(&app).await;
    some_seconds_pass(&app).await;

    app.work().await;

    let (status, attempts, _) = standing(&app, id).await;
    assert_eq!((status.as_str(), attempts), ("running", 1));
    kill(living);
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

/// A batch of an import holds the row of its job for as long as it takes.
#[tokio::test]
async fn a_job_in_a_long_transaction_keeps_nobody_from_the_others() {
    let app = TestApp::new().await.idle().await;
    order(&app, &Trial::Wait(50)).await;
    let working = at_work(&app).await;
    let mut holder =
        PgConnection::connect_with(&cluster::endpoint(&app.database, Role::Owner).0).await.unwrap();
    let mut long = holder.begin().await.unwrap();
    sqlx::query("select from job_queue for update").execute(&mut *long).await.unwrap();
    // So that its lease is renewed while it is held.
    sqlx::query("select pg_sleep(2.5)").execute(&mut *long).await.unwrap();

    order(&app, &Trial::Succeed).await;

    let done = until(&app, "select exists (select 1 from job_queue where status = 'done')");
    tokio::time::timeout(Duration::from_secs(60), done).await.expect("the other one is done meanwhile");
    long.rollback().await.unwrap();
    kill(working);
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn a_job_that_takes_three_processes_down_with_it_is_set_aside_and_others_go_on() {
    let app = TestApp::new().await.idle().await;
    let poison = order(&app, &Trial::Abort).await;
    for _ in 0..3 {
        let died = worker(&app).wait().unwrap();
        assert!(!died.success());
        a_minute_passes(&app).await;
    }
    let fine = order(&app, &Trial::Succeed).await;

    app.work().await;

    let (status, attempts, error) = standing(&app, poison).await;
    assert_eq!((status.as_str(), attempts), ("failed", 3));
    assert!(error.starts_with("Set aside: three processes in a row"), "{error}");
    assert_eq!(standing(&app, fine).await.0, "done");
}

#[tokio::test]
async fn a_worker_told_to_stop_gives_back_what_it_has_begun() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Trial::Steps(400)).await;
    let mut stopped = worker(&app);
    until(&app, "select exists (select 1 from job_queue where items_done > 0)").await;
    for _ in 0..2 {
        let pid = rustix::process::Pid::from_child(&stopped);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }
    stopped.wait().unwrap();

    let (status, attempts, _) = standing(&app, id).await;
    assert_eq!((status.as_str(), attempts), ("waiting", 0));
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

/// Loses its job in the middle of its work, and goes on as if nothing had happened.
#[derive(Serialize, Deserialize)]
struct Sleepwalk;

impl Job for Sleepwalk {
    const KIND: &'static str = "test.sleepwalk";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let taken = "update job_queue set holder = gen_random_uuid(), attempts = attempts + 1";
        sqlx::query(taken).execute(&mut *app.queue.connection().await?).await?;
        let mut tx = JobScope::new(app.db.clone(), at_work.org.into(), "a test").enter().await?;
        let sql = "update organizations set name = 'Changed by a ghost' where id = $1";
        sqlx::query(sql).bind(at_work.org).execute(tx.conn()).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[tokio::test]
async fn whoever_lost_a_job_can_neither_commit_its_work_nor_tell_how_it_ended() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Sleepwalk).await;

    jobs::worker::run_due(&app.app, &Kinds::default().with::<Sleepwalk>()).await.unwrap();

    assert_eq!(app.stored::<i64>("select count(*) from organizations where name like 'Changed%'").await, 0);
    let (status, attempts, error) = standing(&app, id).await;
    assert_eq!((status.as_str(), attempts, error.as_str()), ("running", 2, ""), "it is another's now");
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn a_job_that_was_called_off_stops_where_it_stands() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Trial::Steps(300)).await;
    let working = worker(&app);
    until(&app, "select exists (select 1 from job_queue where items_done > 0)").await;

    let called_off = {
        let scope =
            JobScope::new(app.app.db.clone(), ACME.org.parse::<uuid::Uuid>().unwrap().into(), "a test");
        let mut tx = scope.enter().await.unwrap();
        let org = tx.org();
        let kind = jobs::list::cancel(tx.conn(), org, id, app.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        kind
    };
    until(&app, "select exists (select 1 from job_queue where status = 'cancelled')").await;
    kill(working);

    assert_eq!(called_off.as_deref(), Some("jobs.trial"));
    assert!(app.stored::<bool>("select items_done < 300 from job_queue").await);
}
