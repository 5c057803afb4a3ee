//! JOB-5: every time of a schedule orders its job once, whoever is alive to see it.

use groundswell::{
    app,
    jobs::{schedule, worker},
};

use crate::support::TestApp;

async fn working(app: &TestApp, n: usize) {
    let stops = (0..n).map(|_| {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (shared, kinds) = (app.app.clone(), app::kinds(true));
        let stopped = async move {
            let _ = stopped.await;
        };
        (stop, tokio::spawn(worker::run(shared, kinds, app::schedules(), (stopped, std::future::pending()))))
    });
    let (stops, workers): (Vec<_>, Vec<_>) = stops.unzip();
    let done = "select count(*) from job_queue where kind = 'accounts.sweep' and status = 'done'";
    while app.stored::<i64>(done).await == 0 {
        tokio::task::yield_now().await;
    }
    drop(stops);
    for worker in workers {
        worker.await.unwrap();
    }
}

/// Moves the schedules back, as if their time had come.
async fn time_comes(app: &TestApp) {
    let sql = "update job_schedules set next_run_at = date_trunc('minute', now()) - interval '3 days'";
    sqlx::query(sql).execute(&app.owner).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_workers_order_a_job_once_however_many_of_its_times_have_passed() {
    let app = TestApp::new().await.idle().await;
    schedule::keep(&app.app, &app::schedules()).await.unwrap();
    for round in 1..=5 {
        time_comes(&app).await;
        sqlx::query("update job_queue set status = 'cancelled' where kind = 'accounts.sweep'")
            .execute(&app.owner)
            .await
            .unwrap();

        working(&app, 3).await;

        let ordered = "select count(*) from job_queue where kind = 'accounts.sweep'";
        assert_eq!(app.stored::<i64>(ordered).await, round);
        assert!(app.stored::<bool>("select bool_and(next_run_at > now()) from job_schedules").await);
    }
}

#[tokio::test]
async fn a_schedule_keeps_its_place_when_the_program_starts_again_and_begins_anew_when_it_changed() {
    let app = TestApp::new().await.idle().await;
    let [sweep, ..] = app::schedules()[..] else { panic!("schedules") };
    let next = "select next_run_at from job_schedules where name = 'accounts.sweep'";
    schedule::keep(&app.app, &[sweep]).await.unwrap();
    time_comes(&app).await;
    let before: chrono::DateTime<chrono::Utc> = app.stored(next).await;

    schedule::keep(&app.app, &[sweep]).await.unwrap();
    assert_eq!(app.stored::<chrono::DateTime<chrono::Utc>>(next).await, before);
    schedule::keep(&app.app, &[sweep.in_zone(chrono_tz::America::New_York)]).await.unwrap();
    assert!(app.stored::<chrono::DateTime<chrono::Utc>>(next).await > before);
}
