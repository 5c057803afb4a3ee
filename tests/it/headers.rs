//! What every response says about itself (HDR-1), and whose address it repeats (HDR-2).

use std::sync::atomic::Ordering;

use axum::http::Method;
use groundswell::{app, web};

use crate::support::{Reply, TestApp, tenant::ACME};

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; frame-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// On every response, to the letter.
const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
    ("cache-control", "no-store"),
    ("x-gw", "1"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
];

/// Said otherwise by one door, and why: the picture in a mail is shown in the pages of whoever reads it there.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("/o/{token}", "cross-origin-resource-policy", "cross-origin"),
    ("/designs/{id}/canvas", "content-security-policy", MAIL_IN_A_PAGE),
    ("/designs/{id}/canvas", "x-frame-options", "SAMEORIGIN"),
    ("/campaigns/{campaign}/canvas", "content-security-policy", MAIL_ALONE),
    ("/campaigns/{campaign}/canvas", "x-frame-options", "SAMEORIGIN"),
    ("/mailbox/{mail}/html", "content-security-policy", KEPT_MAIL),
    ("/mailbox/{mail}/html", "x-frame-options", "SAMEORIGIN"),
];

/// A mail that is shown inside of a page of ours: it may hold pictures and styles, and nothing that runs.
const MAIL_IN_A_PAGE: &str = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";

/// The same, out of the reach of our scripts too.
const MAIL_ALONE: &str = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox";

/// A mail that was kept, as its reader sees it: its links open outside.
const KEPT_MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

fn check(what: &str, reply: &Reply) {
    for (name, value) in ALWAYS {
        // A refusal is a page like any other.
        let mut said = OTHERWISE.iter().filter(|_| reply.status == 200);
        let otherwise = said.find(|(door, other, _)| what.ends_with(door) && other == name);
        let value = otherwise.map_or(value, |(.., value)| value);
        assert_eq!(reply.header(name), *value, "{name} of {what} ({})", reply.status);
        assert_eq!(reply.headers.get_all(*name).iter().count(), 1, "{name} of {what}");
    }
    assert!(!reply.header("x-request-id").is_empty(), "{what}");
    assert_eq!(reply.header("server"), "", "{what}");
    let kind = reply.header("content-type");
    assert!(reply.body.is_empty() || !kind.is_empty(), "{what} has a body of no kind");
    assert!(
        !kind.starts_with("text/") || kind.ends_with("charset=utf-8") || kind == "text/event-stream",
        "{what}: {kind}"
    );
    for cookie in reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()) {
        let wanted = ["__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"];
        let is_removal = cookie.contains("Max-Age=0");
        assert!(is_removal || wanted.iter().all(|part| cookie.contains(part)), "{what} sets {cookie}");
        assert!(!cookie.contains("Domain"), "{what} sets {cookie}");
    }
}

#[tokio::test]
async fn every_response_of_every_door_says_how_it_may_be_used() {
    let app = TestApp::new().await.leaves_jobs();
    for door in app::routes(true).doors() {
        for who in ["", "olga@acme.test", "vic@acme.test"] {
            let what = format!("“{who}” at {} {}", door.method, door.path);
            let mut browser = if who.is_empty() { app.visitor() } else { app.sign_in(who).await };
            let path = ACME.fill(&door.path);
            check(&what, &browser.knock(&door.method, &path).await);
            let part = [("hx-request", "true"), ("hx-request-type", "partial")];
            check(&what, &browser.send(door.method.clone(), &path, "", &part).await);
        }
    }
}

#[tokio::test]
async fn so_does_every_response_that_no_door_gave() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let large = "x".repeat(2 * 1024 * 1024);
    let wanted = [
        (404, olga.get("/no/such/page").await),
        (404, olga.get("/assets/x/no-such-file.js").await),
        (404, olga.get("/.git/config").await),
        (404, olga.get("/%ff%fe").await),
        (405, olga.send(Method::DELETE, "/livez", "", &[]).await),
        (405, olga.send(Method::TRACE, "/livez", "", &[]).await),
        (413, olga.post("/w/acme/views", &large).await),
        (403, olga.send(Method::POST, "/w/acme/views", "", &[("sec-fetch-site", "cross-site")]).await),
        (404, olga.get("/w/initech").await),
    ];
    for (status, reply) in &wanted {
        check(&format!("a plain {status}"), reply);
        assert_eq!(reply.status, *status, "{}", reply.body);
        assert!(
            reply.body.contains(reply.header("x-request-id")),
            "a page says which request it was: {}",
            reply.body
        );
    }
    app.app.stopping.store(true, Ordering::SeqCst);
    let stopping = app.visitor().get("/readyz").await;
    check("not ready", &stopping);
    assert_eq!(stopping.status, 503);
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_address_may_be_kept() {
    let app = TestApp::new().await;
    let reply = app.visitor().get(&web::asset("css/app.css")).await;
    // Where nobody has built the static files there is none to be kept.
    if reply.status == 200 {
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
    }
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("content-security-policy"), POLICY);
}

/// Ways to claim that this is another host.
const LIES: &[(&str, &[(&str, &str)])] = &[
    ("", &[("host", "evil.test")]),
    ("", &[("host", "app.groundswell.test:evil.test")]),
    ("", &[("host", "evil.test"), ("host", "app.groundswell.test")]),
    (
        "",
        &[("x-forwarded-host", "evil.test"), ("x-forwarded-proto", "http"), ("forwarded", "host=evil.test")],
    ),
    ("", &[("x-original-host", "evil.test"), ("x-host", "evil.test"), ("x-forwarded-server", "evil.test")]),
    ("https://evil.test", &[]),
];

#[tokio::test]
async fn no_page_and_no_redirect_repeats_a_host_that_is_not_ours() {
    let app = TestApp::new().await.leaves_jobs();
    for door in app::routes(true).doors() {
        for who in ["", "olga@acme.test"] {
            for (before, headers) in LIES {
                let mut browser = if who.is_empty() { app.visitor() } else { app.sign_in(who).await };
                let path = format!("{before}{}", ACME.fill(&door.path));
                let reply = browser.send(door.method.clone(), &path, &ACME.fields(), headers).await;
                let said = format!("{:?}\n{}", reply.headers, reply.body);
                assert!(
                    !said.contains("evil.test"),
                    "“{who}” at {} {path} {headers:?}:\n{said}",
                    door.method
                );
            }
        }
    }
}

#[tokio::test]
async fn no_mail_links_to_a_host_that_is_not_ours() {
    let app = TestApp::new().await;
    let public = app::routes(true);
    let forms = public
        .doors()
        .iter()
        .filter(|door| door.method == Method::POST && door.access == web::routes::Access::Public);
    for (n, door) in forms.enumerate() {
        for (before, headers) in LIES {
            let mut visitor = app.visitor().at_address(&format!("203.0.113.{}", n + 10));
            let token = app.form_token(&mut visitor);
            let form =
                format!("_csrf={token}&email=olga%40acme.test&name=Olga&workspace=Acme&workspace_name=Acme");
            visitor.send(Method::POST, &format!("{before}{}", ACME.fill(&door.path)), &form, headers).await;
        }
    }
    let poisoned: i64 = app
        .stored("select count(*) from mail_messages where encode(source, 'escape') like '%evil.test%'")
        .await;
    assert_eq!(poisoned, 0);
    let sends = public
        .doors()
        .iter()
        .any(|door| door.path.contains("reset") && door.access == web::routes::Access::Public);
    let sent: i64 = app.stored("select count(*) from mail_messages").await;
    assert!(!sends || sent > 0, "the doors that send mail sent none");
}
