//! JOB-2: whatever a job does to itself, it is tried a few times, then left as failed with what went wrong.

use groundswell::jobs::trial::Trial;
use sqlx::AssertSqlSafe;

use super::{order, standing};
use crate::support::TestApp;

#[tokio::test]
async fn a_job_that_fails_or_panics_is_tried_five_times_ever_later_and_then_left_as_failed() {
    for (trial, said) in
        [(Trial::Fail, "it was told to fail"), (Trial::Panic, "it panicked: it was told to panic")]
    {
        let app = TestApp::new().await.idle().await;
        let id = order(&app, &trial).await;
        let mut pauses = Vec::new();
        for attempt in 1..=5 {
            assert_eq!(app.work().await, 1, "attempt {attempt}");
            let pause = "select extract(epoch from run_at - now())::bigint from job_queue";
            pauses.push(app.stored::<i64>(pause).await);
            assert_eq!(app.work().await, 0, "not before its time");
            app.skip_pauses().await;
        }

        assert_eq!(standing(&app, id).await, ("failed".to_owned(), 5, said.to_owned()));
        assert!(pauses[..4].windows(2).all(|two| two[1] > 3 * two[0]), "{pauses:?}");
        assert_eq!(app.work().await, 0);
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_failed_at_once_and_others_go_on() {
    let app = TestApp::new().await.idle().await;
    let unreadable = order(&app, &Trial::Succeed).await;
    let sql = format!("update job_queue set payload = '{{\"steps\": \"many\"}}' where id = '{unreadable}'");
    sqlx::query(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    let fine = order(&app, &Trial::Succeed).await;

    app.work().await;

    let (status, attempts, error) = standing(&app, unreadable).await;
    assert_eq!((status.as_str(), attempts), ("failed", 1));
    assert!(error.starts_with("the job cannot be read: "), "{error}");
    assert_eq!(standing(&app, fine).await.0, "done");
}

#[tokio::test]
async fn work_that_nobody_knows_waits_for_a_newer_program() {
    let app = TestApp::new().await.idle().await.leaves_jobs();
    let unknown = order(&app, &Trial::Succeed).await;
    let sql = format!("update job_queue set kind = 'moon.paint' where id = '{unknown}'");
    sqlx::query(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    let fine = order(&app, &Trial::Succeed).await;

    assert_eq!(app.work().await, 1);
    assert_eq!(
        (standing(&app, unknown).await.0, standing(&app, fine).await.0),
        ("waiting".into(), "done".into())
    );
}

#[tokio::test]
async fn a_job_shows_how_far_it_is() {
    let app = TestApp::new().await.idle().await;
    order(&app, &Trial::Steps(3)).await;

    app.work().await;

    let told: String = app.stored("select items_done || ' of ' || items_total from job_queue").await;
    assert_eq!(told, "3 of 3");
}
