//! A new password for whoever has lost theirs.

use axum::http::Method;
use chrono::TimeDelta;

use super::{ANOTHER, PASSWORD, enter, is_in, letter, link, mailed, try_password, turn_on_two_factor};
use crate::support::{Browser, Reply, TestApp};

async fn ask(browser: &mut Browser, email: &str) -> Reply {
    browser.submit("/forgot", "/forgot", &format!("email={email}")).await
}

#[tokio::test]
async fn the_link_sets_a_new_password_once_and_the_old_one_is_worth_nothing() {
    let app = TestApp::new().await;
    let elsewhere = enter(&app, "olga@acme.test").await;
    let mut olga = app.visitor();
    assert!(ask(&mut olga, "olga%40acme.test").await.text().contains("a link is on its way"));
    let link = link(&app, "olga@acme.test").await;
    let form = format!("password={ANOTHER}&_csrf={}", olga.get(&link).await.field("_csrf"));

    assert_eq!(olga.post(&link, &form).await.header("location"), "/sign-in");

    assert!(olga.get("/sign-in").await.text().contains("Your password is changed. Sign in with it."));
    assert!(!is_in(&olga).await && !is_in(&elsewhere).await);
    assert_eq!(
        (olga.get(&link).await.status.as_u16(), olga.post(&link, &form).await.status.as_u16()),
        (410, 410)
    );
    assert_eq!(try_password(&mut olga, "olga@acme.test", PASSWORD).await.status, 422);
    assert_eq!(try_password(&mut olga, "olga@acme.test", ANOTHER).await.status, 303);
    assert_eq!(mailed(&app).await, ["olga@acme.test reset", "olga@acme.test security_changed"]);
}

#[tokio::test]
async fn a_link_is_good_for_half_an_hour() {
    let app = TestApp::new().await;
    let mut olga = app.visitor();
    ask(&mut olga, "olga%40acme.test").await;
    let link = link(&app, "olga@acme.test").await;

    app.app.clock.advance(TimeDelta::seconds(30 * 60 - 1));
    assert_eq!(olga.get(&link).await.status, 200);
    app.app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(olga.get(&link).await.status, 410);
}

#[tokio::test]
async fn a_change_of_password_and_another_reset_make_earlier_links_worthless() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    ask(&mut olga, "olga%40acme.test").await;
    let first = link(&app, "olga@acme.test").await;
    ask(&mut olga, "olga%40acme.test").await;
    let second = link(&app, "olga@acme.test").await;
    assert_ne!(first, second);
    assert_eq!(olga.get(&first).await.status, 200);

    assert_eq!(olga.submit(&second, &second, &format!("password={ANOTHER}")).await.status, 303);

    assert_eq!(olga.get(&first).await.status, 410);
}

#[tokio::test]
async fn mail_goes_to_the_stored_address_only_however_it_was_typed() {
    let app = TestApp::new().await;
    let asked = [
        ("email=OLGA%40ACME.TEST", 200),
        ("email=olga%40acme.test&email=evil%40evil.example", 422),
        ("email[]=olga%40acme.test&email[]=evil%40evil.example", 422),
        ("email=olga%40acme.test%2Cevil%40evil.example", 422),
        ("email=olga%40acme.test%0Aevil%40evil.example", 422),
        ("email=olga%40acme.test%00", 422),
        ("email=olga%2Bevil%40acme.test", 200),
        ("email=olg%D0%B0%40acme.test", 200),
        ("email=%EF%BD%8Flga%40acme.test", 200),
        ("email=mi%E2%84%AA%40acme.test", 200),
        ("email=ian%40initech.test%20", 200),
        ("email=evil%40evil.example", 200),
        ("", 422),
    ];
    for (n, (form, status)) in asked.into_iter().enumerate() {
        let mut browser = app.visitor().at_address(&format!("198.51.100.{n}"));
        let reply = browser.submit("/forgot", "/forgot", form).await;
        assert_eq!(reply.status, status, "{form}");
    }
    let mut json = app.visitor();
    let token = json.get("/forgot").await.field("_csrf");
    let body = format!("{{\"email\":[\"olga@acme.test\",\"evil@evil.example\"],\"_csrf\":\"{token}\"}}");
    let reply = json.send(Method::POST, "/forgot", &body, &[("content-type", "application/json")]).await;
    assert_eq!(reply.status, 415);

    assert_eq!(mailed(&app).await, ["olga@acme.test reset", "ian@initech.test reset"]);
}

#[tokio::test]
async fn no_header_makes_a_link_lead_to_another_host() {
    let app = TestApp::new().await;
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example"),
        ("x-original-url", "https://evil.example/"),
        ("origin", "https://evil.example"),
        ("x-host", "evil.example"),
        ("referer", "https://evil.example/"),
    ];
    for (n, (name, value)) in headers.into_iter().enumerate() {
        app.app.clock.advance(TimeDelta::hours(1));
        let mut browser = app.visitor().at_address(&format!("198.51.100.{n}")).with_header(name, value);
        ask(&mut browser, "olga%40acme.test").await;
        let letter = letter(&app, "olga@acme.test").await;
        let link = letter["links"][0].as_str().expect("a link");
        assert!(link.starts_with("https://app.groundswell.test/reset/"), "{name}: {link}");
        assert!(!letter.to_string().contains("evil"), "{name}");
    }
    assert_eq!(mailed(&app).await.len(), headers.len());
}

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike() {
    let app = TestApp::new().await;
    let mut answers = Vec::new();
    for email in ["olga@acme.test", "dan@acme.test", "nobody@acme.test"] {
        let reply = ask(&mut app.visitor(), email).await;
        let mut headers = reply.headers.clone();
        headers.remove("x-request-id");
        headers.remove("content-length");
        answers.push((reply.status, headers, reply.body.replace(email, "address")));
    }

    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(mailed(&app).await, ["olga@acme.test reset"]);
}

#[tokio::test]
async fn a_link_of_one_kind_opens_no_other_door() {
    let app = TestApp::new().await;
    let mut olga = app.visitor();
    ask(&mut olga, "olga%40acme.test").await;
    let reset = link(&app, "olga@acme.test").await;

    assert_eq!(olga.get(&reset.replace("/reset/", "/sign-up/")).await.status, 410);
    assert_eq!(
        enter(&app, "olga@acme.test").await.get(&reset.replace("/reset/", "/account/email/")).await.status,
        410
    );
}

#[tokio::test]
async fn a_reset_does_not_get_around_the_second_factor() {
    let app = TestApp::new().await;
    turn_on_two_factor(&app, &mut enter(&app, "olga@acme.test").await).await;
    let mut thief = app.visitor();
    ask(&mut thief, "olga%40acme.test").await;
    let link = link(&app, "olga@acme.test").await;
    thief.submit(&link, &link, &format!("password={ANOTHER}")).await;

    let half = try_password(&mut thief, "olga@acme.test", ANOTHER).await;

    assert_eq!(half.header("location"), "/sign-in/code");
    assert!(!is_in(&thief).await);
}
