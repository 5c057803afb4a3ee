//! FLT-9: each thing that a process depends on, broken, shows at the right probe with its reason.

use std::{path::Path, sync::atomic::Ordering, time::Instant};

use groundswell::{
    app,
    clock::Clock,
    crypto::Keys,
    db::{Db, connect::Endpoint},
    jobs::trial::Trial,
    web::App,
};

use crate::jobs::order;
use crate::support::{Browser, TestApp, app::config};

async fn probe(browser: &mut Browser, path: &str) -> (u16, String) {
    let reply = browser.get(path).await;
    (reply.status.as_u16(), reply.body)
}

/// An application whose database is nowhere.
fn without_database() -> Browser {
    let nowhere = Endpoint::socket(Path::new("/nonexistent"), 5432, "groundswell_app", "x", "x");
    let keys = Keys::parse(&"5e".repeat(32)).expect("64 digits");
    Browser::new(app::router(App::new(
        Db::new(nowhere.pool(2)),
        Db::new(nowhere.pool(2)),
        Clock::system(),
        config(&[]),
        keys,
    )))
}

#[tokio::test]
async fn a_healthy_process_says_yes_to_every_probe() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();

    for path in ["/livez", "/startupz", "/readyz"] {
        assert_eq!(probe(&mut visitor, path).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn without_its_database_a_process_lives_but_is_not_ready() {
    let mut visitor = without_database();

    assert_eq!(probe(&mut visitor, "/livez").await.0, 200);
    assert_eq!(probe(&mut visitor, "/startupz").await.0, 200);
    let (status, told) = probe(&mut visitor, "/readyz").await;
    assert_eq!(status, 503);
    assert!(told.contains("the database does not answer"), "{told}");
}

#[tokio::test]
async fn without_the_database_every_page_is_a_503_that_says_when_to_come_back() {
    let session = "__Host-gw=AAAAAAAAAAAAAAAAAAAAAA";
    let mut visitor = without_database().with_header("cookie", session);
    let start = Instant::now();

    for path in ["/w/acme", "/sign-in", "/account"] {
        let page = visitor.get(path).await;
        assert_eq!((page.status.as_u16(), page.header("retry-after")), (503, "5"), "{path}: {}", page.body);
        assert!(page.text().contains("try again in a moment"), "{}", page.text());
    }
    let part = visitor.hx_post("/w/acme/views", "name=x").await;
    assert_eq!((part.status.as_u16(), part.header("retry-after")), (503, "5"));
    assert!(part.body.contains("toast"), "{}", part.body);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_database_that_lacks_a_migration_is_not_served_from_and_a_newer_one_is() {
    let app = TestApp::new().await;
    let newer =
        "insert into public._sqlx_migrations (version, description, success, checksum, execution_time)
                 values (209901010000, 'later', true, '', 0)";
    sqlx::query(newer).execute(&app.owner).await.expect("a later migration");
    assert_eq!(probe(&mut app.visitor(), "/readyz").await.0, 200);

    sqlx::query("delete from public._sqlx_migrations where version > 202611210900")
        .execute(&app.owner)
        .await
        .expect("fewer");
    let (status, told) = probe(&mut app.visitor(), "/readyz").await;

    assert_eq!(status, 503);
    assert!(told.contains("the database lacks migrations up to 2026"), "{told}");
    assert_eq!(probe(&mut app.visitor(), "/livez").await.0, 200);
}

#[tokio::test]
async fn a_process_that_starts_or_stops_is_not_ready_and_starting_it_shows_no_pages() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();

    app.app.starting.store(true, Ordering::SeqCst);
    assert!(probe(&mut visitor, "/readyz").await.1.contains("this process is starting"));
    assert_eq!(probe(&mut visitor, "/sign-in").await.0, 503);
    assert_eq!(probe(&mut visitor, "/livez").await.0, 200);

    app.app.starting.store(false, Ordering::SeqCst);
    app.app.stopping.store(true, Ordering::SeqCst);
    assert!(probe(&mut visitor, "/readyz").await.1.contains("this process is stopping"));
    assert_eq!(probe(&mut visitor, "/sign-in").await.0, 200);
}

#[tokio::test]
async fn work_that_waits_for_long_is_a_warning_and_takes_no_traffic_away() {
    let app = TestApp::new().await.leaves_jobs();
    let mut visitor = app.visitor();
    let late = "background work waits for more than ten minutes";
    order(&app, &Trial::Succeed).await;
    assert!(!probe(&mut visitor, "/readyz").await.1.contains(late));

    let sql = "update job_queue set run_at = now() - interval '11 minutes' where status = 'waiting'";
    sqlx::query(sql).execute(&app.owner).await.expect("an old job");
    let (status, told) = probe(&mut visitor, "/readyz").await;
    assert_eq!(status, 200);
    assert!(told.contains(late), "{told}");

    app.work().await;
    assert!(!probe(&mut visitor, "/readyz").await.1.contains(late), "it is over");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_a_reason() {
    // A file system of the kernel's own never has a free byte.
    let app = TestApp::with(&["--data-dir", "/proc"]).await;

    let (status, told) = probe(&mut app.visitor(), "/readyz").await;

    assert_eq!(status, 503);
    assert!(told.contains("the disk with the data folder is full"), "{told}");
}
