//! TEN-10: who loses their access while a page is open is denied with the next click, and the page's
//! stream ends by itself.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::{
    accounts::link,
    support::{Browser, TestApp},
};

/// How long somebody shut out may still have an open page, at most.
const SOON: Duration = Duration::from_secs(5);
const MIA: &str = "00000000-0000-7000-8000-000000000012";
const VIC: &str = "00000000-0000-7000-8000-000000000013";
const ABE: &str = "00000000-0000-7000-8000-000000000032";
const VIEWER: &str = "00000000-0000-7000-8000-0000000aa003";

/// Everything that the stream still says, which ends in time.
async fn rest(stream: Body) -> String {
    let rest = timeout(SOON, stream.collect()).await.expect("the stream ends within 5 seconds");
    String::from_utf8(rest.expect("a whole stream").to_bytes().to_vec()).expect("text")
}

/// The page is told to load anew; its next request, and listening again, get `status`.
async fn is_shut_out(mut browser: Browser, stream: Body, (path, status): (&str, u16)) {
    assert_eq!(browser.get(path).await.status, status, "{path}");
    let told = rest(stream).await;
    assert!(told.contains("event: signed-out"), "{told}");
}

#[tokio::test]
async fn who_is_removed_or_shut_out_is_denied_at_once_and_their_open_page_ends() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let mut vic = app.sign_in("vic@acme.test").await;
    let (of_mia, of_vic) = (mia.listen("/w/acme/live").await, vic.listen("/w/acme/live").await);

    olga.post(&format!("/w/acme/people/{MIA}/remove"), "").await;
    olga.post("/w/acme/people/standing", &format!("to=inactive&person={VIC}")).await;

    assert_eq!(mia.get("/w/acme/live").await.status, 404);
    tokio::join!(is_shut_out(mia, of_mia, ("/w/acme", 404)), is_shut_out(vic, of_vic, ("/w/acme", 404)),);
}

#[tokio::test]
async fn whose_role_is_lowered_is_denied_at_once_and_their_open_page_loads_anew() {
    let app = TestApp::new().await;
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let mut vic = app.sign_in("vic@acme.test").await;
    let (of_mia, of_vic) = (mia.listen("/w/acme/live").await, vic.listen("/w/acme/live").await);

    // Another role for one, less in the role of the other.
    olga.post(&format!("/w/acme/people/{MIA}/role"), &format!("role={VIEWER}")).await;
    let roles = "/w/acme/settings/roles";
    let form = format!("role={VIEWER}&seen=");
    let seen = olga.post(roles, &form).await.field("seen");
    olga.post(roles, &format!("{form}{seen}")).await;

    tokio::join!(
        is_shut_out(mia, of_mia, ("/w/acme/people", 403)),
        is_shut_out(vic, of_vic, ("/w/acme", 403)),
    );
}

#[tokio::test]
async fn who_is_taken_off_a_client_is_denied_at_once_and_their_open_page_ends() {
    let app = TestApp::new().await.leaves_jobs();
    let client = "/w/brightside/clients/acme";
    let mut ada = app.sign_in("ada@brightside.test").await;
    ada.post(&format!("{client}/assign"), &format!("person={ABE}&role={VIEWER}")).await;
    let mut abe = app.sign_in("abe@brightside.test").await;
    let stream = abe.listen("/w/acme/live").await;

    ada.post(&format!("{client}/end"), &format!("person={ABE}")).await;

    is_shut_out(abe, stream, ("/w/acme", 404)).await;
}

#[tokio::test]
async fn an_invitation_withdrawn_while_its_page_is_open_lets_nobody_in() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post("/w/acme/people/invite", &format!("emails=nan@new.test&role={VIEWER}")).await;
    let letter = link(&app, "nan@new.test").await;
    let mut nan = app.visitor();
    let token = nan.get(&letter).await.field("_csrf");
    let id: uuid::Uuid = app.stored("select id from invitations where email = 'nan@new.test'").await;

    olga.post(&format!("/w/acme/people/invitations/{id}/withdraw"), "").await;

    let form = format!("name=Nan&password=orchid-lantern-tugboat&_csrf={token}");
    assert_eq!(nan.post(&letter, &form).await.status, 410);
    assert_eq!(app.stored::<i64>("select count(*) from users where email = 'nan@new.test'").await, 0);
    assert_eq!(nan.get("/w/acme/live").await.status, 303);
}

#[tokio::test]
async fn who_stays_as_they_were_keeps_their_open_page() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut vic) = (app.sign_in("olga@acme.test").await, app.sign_in("vic@acme.test").await);
    let stream = vic.listen("/w/acme/live").await;

    olga.post(&format!("/w/acme/people/{MIA}/remove"), "").await;

    let ended = timeout(SOON, stream.collect()).await;
    assert!(ended.is_err(), "the page of somebody else was told to leave: {ended:?}");
}
