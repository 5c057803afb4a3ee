//! Being reminded of what is due: once, whose it is.

use chrono::TimeDelta;
use groundswell::{jobs, tasks::remind::Remind};

use super::{MIA, OLGA, TASKS, add};
use crate::{notices::bell, support::TestApp};

/// The scheduled job, done now.
async fn remind(app: &TestApp) {
    let mut conn = app.app.db.connection().await.unwrap();
    jobs::enqueue_for_installation(&mut conn, &Remind, None).await.unwrap();
    drop(conn);
    assert!(app.work().await >= 1);
}

/// Mia's bell and what she was told. She signs in anew: a session does not last for days.
async fn told(app: &TestApp) -> (String, String) {
    let mut mia = app.sign_in("mia@acme.test").await;
    (bell(&mut mia, TASKS).await, mia.get("/notifications").await.text())
}

#[tokio::test]
async fn whoever_has_a_task_is_told_when_it_is_due_and_once() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let form = |title: &str, due: &str| format!("title={title}&due={due}&assignee={MIA}");
    let task = add(&app, &mut mia, &form("Roast", "2026-11-21&time=15:00")).await;
    add(&app, &mut mia, &form("Bake", "2026-11-22")).await;
    let fried = add(&app, &mut mia, &form("Fry", "2026-11-21&time=15:00")).await;
    mia.post(&format!("{fried}/done"), "").await;
    remind(&app).await;
    assert_eq!(told(&app).await.0, "0", "nothing is due yet");

    app.app.clock.advance(TimeDelta::hours(6));
    remind(&app).await;
    remind(&app).await;
    let (unread, list) = told(&app).await;
    assert!(unread == "1" && list.contains("Due: “Roast”"), "{unread} {list}");
    app.app.clock.advance(TimeDelta::hours(17));
    remind(&app).await;
    assert_eq!(told(&app).await.0, "2", "a day alone is told in the morning");
    let mut mia = app.sign_in("mia@acme.test").await;

    // Put off until tomorrow it is told anew, and what only changes its name is not.
    mia.post(&task, &form("Roast+it", "2026-11-21&time=15:00")).await;
    remind(&app).await;
    assert_eq!(told(&app).await.0, "2");
    mia.post(&task, &form("Roast+it", "2026-11-22&time=09:30")).await;
    app.app.clock.advance(TimeDelta::hours(2));
    remind(&app).await;
    assert!(told(&app).await.1.contains("Due: “Roast it”"));
}

#[tokio::test]
async fn nobody_is_told_of_what_is_deleted_and_whoever_gets_it_later_is_told_anew() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let form = |title: &str, whose: &str| format!("title={title}&due=2026-11-21&time=15:00&assignee={whose}");
    let gone = add(&app, &mut mia, &form("Burn", MIA)).await;
    let task = add(&app, &mut mia, &form("Roast", MIA)).await;
    mia.post(&format!("{gone}/delete"), "").await;
    app.app.clock.advance(TimeDelta::hours(6));
    remind(&app).await;
    let (unread, list) = told(&app).await;
    assert!(unread == "1" && list.contains("Due: “Roast”"), "{unread} {list}");

    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post(&task, &form("Roast", OLGA)).await;
    remind(&app).await;
    remind(&app).await;
    assert_eq!(told(&app).await.0, "1", "it is hers no more");
    let mut olga = app.sign_in("olga@acme.test").await;
    let list = olga.get("/notifications").await.text();
    assert_eq!(list.matches("Mark as read : Due: “Roast”").count(), 1, "{list}");
}
