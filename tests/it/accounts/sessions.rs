//! Where somebody is signed in.

use chrono::TimeDelta;

use super::{PASSWORD, enter, is_in, session_hash, try_password};
use crate::support::TestApp;

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1";

#[tokio::test]
async fn the_list_names_device_and_address_and_when_and_marks_this_one() {
    let app = TestApp::new().await;
    let mut phone = app.visitor().at_address("2001:db8::7").with_header("user-agent", PHONE);
    try_password(&mut phone, "olga@acme.test", PASSWORD).await;
    app.app.clock.advance(TimeDelta::days(2));
    let mut desk = enter(&app, "olga@acme.test").await;
    let others = enter(&app, "ian@initech.test").await;

    let list = desk.get("/account/sessions").await.text();

    let this = list.find("Chrome on Linux This one").expect("this one is marked, and comes first");
    let other = list.find("Safari on iPhone").expect("the other");
    assert!(this < other, "{list}");
    assert!(
        list.contains("203.0.113.9 · since") && list.contains("2001:db8::7 · since Nov 21, 2026, 9:00 AM"),
        "{list}"
    );
    assert_eq!(list.matches("last seen").count(), 2, "nobody else's");
    assert!(is_in(&others).await);
}

#[tokio::test]
async fn one_of_them_is_signed_out_by_itself() {
    let app = TestApp::new().await;
    let mut desk = enter(&app, "olga@acme.test").await;
    let phone = enter(&app, "olga@acme.test").await;
    let key = data_encoding::HEXLOWER.encode(&session_hash(&app, &phone));
    assert!(desk.get("/account/sessions").await.body.contains(&format!("/account/sessions/{key}/delete")));

    desk.post(&format!("/account/sessions/{key}/delete"), "").await;

    assert!(desk.get("/account/sessions").await.text().contains("That device is signed out."));
    assert!(!is_in(&phone).await && is_in(&desk).await);
    assert_eq!(desk.post(&format!("/account/sessions/{key}/delete"), "").await.status, 404);
}

#[tokio::test]
async fn nobody_ends_anothers_session_and_rubbish_ends_none() {
    let app = TestApp::new().await;
    let mut ian = enter(&app, "ian@initech.test").await;
    let olga = enter(&app, "olga@acme.test").await;
    let key = data_encoding::HEXLOWER.encode(&session_hash(&app, &olga));

    for key in [key.as_str(), "", "zz", "00", "%00", "others%2Fx"] {
        assert_eq!(ian.post(&format!("/account/sessions/{key}/delete"), "").await.status, 404, "{key}");
    }
    assert!(is_in(&olga).await && is_in(&ian).await);
}

#[tokio::test]
async fn ending_this_one_signs_out() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let key = data_encoding::HEXLOWER.encode(&session_hash(&app, &olga));

    let reply = olga.post(&format!("/account/sessions/{key}/delete"), "").await;

    assert_eq!(reply.header("location"), "/sign-in");
    assert!(!is_in(&olga).await);
}

#[tokio::test]
async fn looking_at_pages_writes_nothing() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    olga.get("/w/acme").await;
    let rows = "select string_agg(xmin::text || ctid::text, ' ' order by ctid) from web_sessions";
    let before: String = app.stored(rows).await;

    for page in [
        "/account",
        "/account/preferences",
        "/account/security",
        "/account/sessions",
        "/w/acme",
        "/workspaces",
    ] {
        let reply = olga.get(page).await;
        assert_eq!((reply.status.as_u16(), reply.header("set-cookie")), (200, ""), "{page}");
    }

    assert_eq!(app.stored::<String>(rows).await, before);
}
