//! No other site can make a browser change anything here, and looking changes nothing (CSR-1, CSR-3).

use axum::http::Method;
use groundswell::{app, web::routes::Door};

use crate::support::{Reply, TestApp, rows, tenant::ACME};

/// Where a request says that it comes from. An empty value leaves the header out.
type Origin = &'static [(&'static str, &'static str)];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const ABSENT: (&str, &str) = ("sec-fetch-site", "");

const REFUSED: &[(&str, Origin)] = &[
    ("cross-site", &[("sec-fetch-site", "cross-site"), FORM]),
    ("same-site", &[("sec-fetch-site", "same-site"), ("origin", "https://pages.groundswell.test"), FORM]),
    ("garbage", &[("sec-fetch-site", "Same-Origin, none"), FORM]),
    ("a bad origin", &[ABSENT, ("origin", "https://evil.test"), FORM]),
    (
        "an origin that begins like ours",
        &[ABSENT, ("origin", "https://app.groundswell.test.evil.test"), FORM],
    ),
    ("a null origin", &[ABSENT, ("origin", "null"), FORM]),
    ("JSON as text", &[("sec-fetch-site", "cross-site"), ("content-type", "text/plain")]),
    ("multipart", &[("sec-fetch-site", "cross-site"), ("content-type", "multipart/form-data; boundary=x")]),
];

/// No browser leaves out both headers on an unsafe method: what does is no browser, and has no one's cookies.
const ALLOWED: &[(&str, Origin)] = &[
    ("none: typed or bookmarked", &[("sec-fetch-site", "none"), FORM]),
    ("our own origin", &[ABSENT, ("origin", "https://app.groundswell.test"), FORM]),
    ("neither header, a referrer alone", &[ABSENT, ("referer", "https://evil.test/"), FORM]),
];

async fn send(app: &TestApp, door: &Door, origin: Origin) -> Reply {
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.send(door.method.clone(), &ACME.fill(&door.path), &ACME.fields(), origin).await
}

/// The one click of a mail program comes from no page of ours, and knows nothing but its own address (RFC 8058).
const FROM_ANYWHERE: &[&str] = &["/u/{token}"];

fn unsafe_doors() -> Vec<Door> {
    let doors = app::routes(true);
    let is_ours = |door: &&Door| !FROM_ANYWHERE.contains(&door.path.as_str());
    let found = doors.doors().iter().filter(|door| door.method != Method::GET).filter(is_ours);
    let found: Vec<Door> = found.cloned().collect();
    assert!(found.len() >= 8, "{found:?}");
    found
}

#[tokio::test]
async fn a_form_on_another_site_changes_nothing() {
    let app = TestApp::new().await;
    for door in unsafe_doors() {
        let before = rows::everything(&app.owner, &["web_sessions"]).await;
        for (what, origin) in REFUSED {
            let reply = send(&app, &door, origin).await;
            assert_eq!(reply.status, 403, "{what}: {}: {}", door.path, reply.body);
            assert_eq!(reply.header("set-cookie"), "", "{what}: {}", door.path);
        }
        let changed = rows::changed(&before, &rows::everything(&app.owner, &["web_sessions"]).await);
        assert!(changed.is_empty(), "{} {changed:?}", door.path);
    }
}

#[tokio::test]
async fn a_refused_form_does_not_even_reach_the_session() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let before = rows::everything(&app.owner, &[]).await;
    for door in unsafe_doors() {
        for (_, origin) in REFUSED {
            olga.send(door.method.clone(), &ACME.fill(&door.path), &ACME.fields(), origin).await;
        }
    }
    assert!(rows::changed(&before, &rows::everything(&app.owner, &[]).await).is_empty());
}

/// What every unsafe door answers in turn, in a town of its own.
async fn answers(origin: Origin) -> Vec<(String, u16)> {
    let app = TestApp::new().await.leaves_jobs();
    let mut answers = Vec::new();
    for door in unsafe_doors() {
        answers.push((door.path.clone(), send(&app, &door, origin).await.status.as_u16()));
    }
    answers
}

#[tokio::test]
async fn our_own_forms_and_programs_are_let_through() {
    let ours = answers(&[("sec-fetch-site", "same-origin"), FORM]).await;
    let reached = ours.iter().filter(|(_, status)| *status != 403).count();
    assert!(reached >= 8, "only {reached} doors answered anything but 403: {ours:?}");
    for (what, origin) in ALLOWED {
        assert_eq!(answers(origin).await, ours, "{what}");
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    let app = TestApp::new().await.leaves_jobs();
    let mut before = rows::everything(&app.owner, &["web_sessions"]).await;
    for door in app::routes(true).doors().iter().filter(|door| door.method == Method::GET) {
        let mut olga = app.sign_in("olga@acme.test").await;
        let path = ACME.fill(&door.path);
        let with_fields = format!("{path}?{}", ACME.fields());
        // A denied attempt is kept in the log, and nothing else is.
        let is_denied = olga.get(&path).await.status == 403;
        olga.hx_get(&path).await;
        olga.get(&with_fields).await;
        olga.send(Method::HEAD, &path, "", &[]).await;
        let now = rows::everything(&app.owner, &["web_sessions"]).await;
        let mut changed = rows::changed(&before, &now);
        changed.retain(|table| !is_denied || !["audit_heads", "audit_log"].contains(&table.as_str()));
        before = now;
        assert!(changed.is_empty(), "looking at {} changed {changed:?}", door.path);
    }
}
