//! The bell of open pages: it follows what happens elsewhere, in whichever process.

use std::time::Duration;

use axum::body::Body;
use groundswell::{app, db::Db, web::App};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::give;
use crate::support::{
    Browser, TestApp,
    app::config,
    cluster::{self, Role},
};

const SOON: Duration = Duration::from_secs(5);
const LIVE: &str = "/w/acme/live";

/// The next number that a page is told.
async fn told(page: &mut Body) -> String {
    let next = async {
        loop {
            let frame = page.frame().await.expect("the stream goes on").expect("a whole frame");
            let text = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
            if let Some(number) = text.split("event: unread\ndata: ").nth(1) {
                return number.trim().to_owned();
            }
        }
    };
    timeout(SOON, next).await.expect("it is told in time")
}

/// The same person in another process of the installation.
fn elsewhere(app: &TestApp, browser: &Browser) -> Browser {
    let db = Db::new(cluster::pool(&app.database, Role::App, 2));
    let queue = Db::new(cluster::pool(&app.database, Role::Worker, 2));
    let other = App::new(db, queue, app.app.clock.clone(), config(&[]), app.app.keys.clone());
    let mut there = Browser::new(app::router(other));
    let session = app.app.config.cookie_name("gw");
    there.set_cookie(&session, browser.cookie(&session).expect("a session"));
    there
}

#[tokio::test]
async fn every_open_page_of_whoever_is_told_something_says_so_and_all_agree_once_it_is_read() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let mut other = elsewhere(&app, &mia);
    let (mut one, mut two) = (mia.listen(LIVE).await, mia.listen(LIVE).await);
    let mut three = other.listen(LIVE).await;
    let mut vics = app.sign_in("vic@acme.test").await.listen(LIVE).await;
    for page in [&mut one, &mut two, &mut three, &mut vics] {
        assert_eq!(told(page).await, "0", "each is right at once");
    }

    give(&mut olga).await;
    for page in [&mut one, &mut two, &mut three] {
        assert_eq!(told(page).await, "1");
    }
    give(&mut olga).await;
    for page in [&mut one, &mut two, &mut three] {
        assert_eq!(told(page).await, "2");
    }
    other.post("/notifications/read", "").await;
    for page in [&mut one, &mut two, &mut three] {
        assert_eq!(told(page).await, "0", "read in one place is read in all");
    }
    assert!(timeout(Duration::from_millis(300), told(&mut vics)).await.is_err(), "nobody else hears it");
}
