//! What breaks beneath a running process: connections that are cut (FLT-2), clocks that jump (FLT-5).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use groundswell::jobs::{Order, trial::Trial};
use sqlx::PgPool;

use crate::{
    jobs::order_for,
    support::{
        Browser, TestApp,
        cluster::{self, Role},
        tenant::{ACME, INITECH},
    },
};

const ROUNDS: usize = 100;
/// Requests that are under way while a connection is cut.
const AT_ONCE: usize = 4;
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Answers {
    all: usize,
    /// That were a 503 at first, and asked again once.
    again: usize,
    failed: Vec<String>,
    slowest: Duration,
}

/// A page, asked for again once when the answer is to come back later.
async fn read(mut browser: Browser, path: &str) -> (bool, u16, Duration) {
    let start = Instant::now();
    let first = browser.get(path).await.status.as_u16();
    if first == 200 {
        return (false, first, start.elapsed());
    }
    assert_eq!(first, 503, "{path}");
    (true, browser.get(path).await.status.as_u16(), start.elapsed())
}

/// Ends one connection of the application, whichever, as an administrator or a failing network would.
async fn cut_one(superuser: &PgPool, database: &str) -> i64 {
    sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from
             (select pid from pg_stat_activity
               where datname = $1 and usename in ('groundswell_app', 'groundswell_worker')
               order by random() limit 1) one",
    )
    .bind(database)
    .fetch_one(superuser)
    .await
    .expect("the server answers")
}

#[tokio::test]
async fn connections_that_are_cut_at_random_cost_next_to_no_reader_anything() {
    let app = TestApp::new().await;
    let superuser = cluster::pool("postgres", Role::Super, 1);
    let olga = app.sign_in("olga@acme.test").await;
    let (mut answers, mut cut) = (Answers::default(), 0);
    for round in 0..ROUNDS {
        let paths = ["/w/acme/people", "/w/acme", "/account", "/w/acme/settings/jobs"];
        let reads = (0..AT_ONCE).map(|n| read(olga.clone(), paths[(round + n) % paths.len()]));
        let (read, gone) =
            tokio::join!(futures_util::future::join_all(reads), cut_one(&superuser, &app.database));
        cut += gone;
        for (was_again, status, took) in read {
            answers.all += 1;
            answers.again += usize::from(was_again);
            answers.slowest = answers.slowest.max(took);
            if status != 200 {
                answers.failed.push(format!("round {round}: {status}"));
            }
        }
    }
    let Answers { all, again, failed, slowest } = &answers;
    println!(
        "{all} reads, {cut} connections cut, {again} asked again, {} failed, slowest {slowest:?}",
        failed.len()
    );
    assert!(*all >= 300 && cut >= 80, "{all} reads, {cut} cut");
    assert!(failed.len() * 100 <= *all, "{failed:?}");
    assert!(*slowest < LONGEST, "{slowest:?}");
    // Nobody cuts any more: the pool has only whole connections, at once.
    let mut olga = olga;
    let mut stumbles = 0;
    for _ in 0..50 {
        stumbles += i32::from(olga.get("/w/acme/people").await.status != 200);
    }
    assert!(stumbles <= 1, "{stumbles} stumbles after it was over");
}

/// Jobs of two organizations, and one of a third that another process has in hand until the database's clock says otherwise.
async fn work_to_do(app: &TestApp) {
    for org in [ACME.org, INITECH.org] {
        for _ in 0..10 {
            order_for(app, org, &Trial::Succeed, Order::default()).await.expect("a new job");
        }
    }
    let sql = "insert into job_queue (organization_id, id, kind, payload, max_attempts, status, attempts, holder, leased_until)
               values ('00000000-0000-7000-8000-00000000000c', gen_random_uuid(), 'jobs.trial', '\"succeed\"', 5, 'running', 1,
                       gen_random_uuid(), now() + interval '60 seconds')";
    sqlx::query(sql).execute(&app.owner).await.expect("a job in hand");
}

#[tokio::test]
async fn a_clock_that_jumps_does_no_job_twice_takes_none_from_who_has_it_and_lets_nobody_in() {
    let app = TestApp::new().await.idle().await.leaves_jobs();
    work_to_do(&app).await;
    let (olga, gone) = (app.sign_in("olga@acme.test").await, app.sign_in("olga@acme.test").await);
    gone.clone().post("/sign-out", "").await;
    let mut at_home = app.sign_in("mia@acme.test").await;
    let mails: i64 = app.stored("select count(*) from mail_messages").await;
    let mut done = 0;

    for (jump, sees_a_page) in
        [(TimeDelta::days(-1), true), (TimeDelta::days(366), false), (TimeDelta::days(-365), false)]
    {
        app.app.clock.advance(jump);
        done += app.work().await;
        // Each time with the cookie of before: a browser forgets it when it is told to.
        assert_eq!(olga.clone().get("/w/acme").await.status == 200, sees_a_page, "after {jump}");
        assert_eq!(gone.clone().get("/w/acme").await.status, 303, "signed out is signed out, after {jump}");
    }

    // What was found over stays over; who did not come meanwhile lost nothing.
    assert_eq!(at_home.get("/w/acme").await.status, 200);
    assert_eq!(done, 20, "each once");
    let again = "select count(*) from job_queue where attempts <> 1 or (status = 'done') <> (holder is null)";
    assert_eq!(app.stored::<i64>(again).await, 0, "none twice");
    let held = "select count(*) from job_queue where status = 'running' and deaths = 0";
    assert_eq!(app.stored::<i64>(held).await, 1, "who has a job keeps it");
    assert_eq!(app.stored::<i64>("select count(*) from mail_messages").await, mails, "nothing is sent");
}
