//! Nothing of one organization reaches another, whatever is asked for and however (TEN-2).
//!
//! The doors come from the router, so a new one is tried the day it is there.

use axum::http::{HeaderMap, Method};
use groundswell::{
    app,
    web::routes::{Access, Door},
};
use regex_lite::Regex;

use crate::support::{
    Browser, Reply, TestApp,
    canaries::{self, CANARY},
    rows,
    tenant::{ACME, INITECH, NOWHERE, Tenant},
    visitors::{OUTSIDE_ACME, OUTSIDE_INITECH, PLATFORM},
};

/// One request: to which address, with which body, as a page or as htmx asks.
#[derive(Debug)]
struct Attempt {
    path: String,
    body: String,
    headers: Vec<(&'static str, String)>,
    /// The other organization stands in the path itself, so the answer can only be no.
    names_it_in_the_path: bool,
}

/// Every way in which this door is asked for the tenant's rows, by somebody at home in `own`.
fn attempts(door: &Door, tenant: &Tenant, own: Option<&str>) -> Vec<Attempt> {
    let is_post = door.method == Method::POST;
    let mut paths = vec![(tenant.fill(&door.path), door.path.contains("{org}"))];
    if let Some(own) = own.filter(|_| door.path.contains("{org}")) {
        let names_it = door.path.matches('{').count() > 1;
        paths.push((tenant.fill(&door.path.replace("{org}", own)), names_it));
    }
    let mut attempts = Vec::new();
    for (path, names_it_in_the_path) in paths {
        for (fields, is_part) in
            [("", false), ("", true), (tenant.fields().as_str(), false), (tenant.fields().as_str(), true)]
        {
            let mark = if fields.is_empty() { "" } else { "?" };
            let (path, body) = if is_post {
                (path.clone(), fields.to_owned())
            } else {
                (format!("{path}{mark}{fields}"), String::new())
            };
            attempts.push(Attempt { path, body, headers: hints(tenant, is_part), names_it_in_the_path });
        }
    }
    attempts
}

/// Headers and cookies from which a careless handler might take the organization.
fn hints(tenant: &Tenant, is_part: bool) -> Vec<(&'static str, String)> {
    let here = format!("https://app.groundswell.test/w/{}/people", tenant.slug);
    let mut hints = vec![
        ("referer", here.clone()),
        ("x-organization-id", tenant.org.to_owned()),
        ("x-organization", tenant.slug.to_owned()),
        ("x-tenant-id", tenant.org.to_owned()),
        ("x-original-url", format!("/w/{}/people", tenant.slug)),
        ("x-rewrite-url", format!("/w/{}/people", tenant.slug)),
    ];
    if is_part {
        let htmx = [
            ("hx-request", "true".to_owned()),
            ("hx-request-type", "partial".to_owned()),
            ("hx-current-url", here),
        ];
        hints.extend(htmx);
    }
    hints
}

async fn arrive(app: &TestApp, email: &str, tenant: &Tenant) -> Browser {
    let mut browser = if email.is_empty() { app.visitor() } else { app.sign_in(email).await };
    browser.set_cookie("active_org", tenant.slug);
    browser.set_cookie("organization", tenant.org);
    browser
}

/// Sends it with this browser's form token, so that no form stops at the gate.
async fn send(app: &TestApp, browser: &mut Browser, method: &Method, attempt: &Attempt) -> Reply {
    let body = format!("{}&_csrf={}", attempt.body, app.form_token(browser));
    let headers: Vec<(&str, &str)> =
        attempt.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.send(method.clone(), &attempt.path, &body, &headers).await
}

fn everything_said(reply: &Reply) -> String {
    let headers = reply
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
    headers.chain([reply.body.clone()]).collect()
}

/// Who looks after the installation sees, under `/admin`, what every organization is and how it stands:
/// `admin` tests that it is no more.
fn is_their_work(door: &Door, email: &str) -> bool {
    door.access == Access::Platform && PLATFORM.contains(&email)
}

/// Whether this is one of the ways to say no.
fn is_refusal(reply: &Reply) -> bool {
    match reply.status.as_u16() {
        401 | 403 | 404 => true,
        303 => reply.header("location").starts_with("/sign-in"),
        _ => false,
    }
}

async fn crawl(tenant: &Tenant, outside: &[(&str, Option<&str>)]) {
    let app = TestApp::new().await.leaves_jobs();
    let planted = canaries::plant(&app.owner, tenant).await;
    canaries::open_session(&app.owner, tenant).await;
    assert!(planted.len() >= 6, "{planted:?}");
    // They sing: whoever belongs there reads them.
    let seen = app.sign_in(tenant.owner).await.get(&format!("/w/{}/people", tenant.slug)).await;
    assert!(seen.body.contains(CANARY), "{}", seen.body);

    let before = rows::of_organization(&app.owner, tenant).await;
    let mut tried = 0;
    for door in app::routes(true).doors() {
        for (email, own) in outside.iter().filter(|(email, _)| !is_their_work(door, email)) {
            for attempt in attempts(door, tenant, *own) {
                let mut browser = arrive(&app, email, tenant).await;
                let reply = send(&app, &mut browser, &door.method, &attempt).await;
                let what = format!("“{email}” at {} {attempt:?} got {}", door.method, reply.status);
                assert!(!everything_said(&reply).contains(CANARY), "{what}: {}", everything_said(&reply));
                assert!(
                    !everything_said(&reply).contains(tenant.owner),
                    "{what}: {}",
                    everything_said(&reply)
                );
                assert!(!reply.status.is_server_error(), "{what}: {}", reply.body);
                let must_refuse = door.access == Access::Workspace && attempt.names_it_in_the_path;
                assert!(!must_refuse || is_refusal(&reply), "{what}");
                tried += 1;
            }
        }
    }
    assert!(
        tried >= app::routes(true).doors().len() * (outside.len() - PLATFORM.len()) * 4,
        "only {tried} attempts"
    );
    let changed = rows::changed(&before, &rows::of_organization(&app.owner, tenant).await);
    assert!(changed.is_empty(), "rows of {} changed in {changed:?}", tenant.slug);
    assert_eq!(strayed(&app, tenant).await, Vec::<String>::new());
}

/// Tables in which a canary sits outside of its organization: mail and other people's rows among them.
async fn strayed(app: &TestApp, tenant: &Tenant) -> Vec<String> {
    let mut strayed = Vec::new();
    for table in rows::tables(&app.owner).await {
        let sql = format!(
            "select count(*) from {table} t where t::text like '%{CANARY}%'
                and not t::text like '%{}%' and not exists (
                    select 1 from organization_members m where m.organization_id = '{}' and t::text like '%' || m.user_id || '%')",
            tenant.org, tenant.org
        );
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.owner).await.unwrap();
        if found > 0 {
            strayed.push(table);
        }
    }
    let mail: i64 =
        app.stored("select count(*) from mail_messages where source::text like '%43414e4152592d42%'").await;
    assert_eq!(mail, 0, "a mail sings");
    strayed
}

#[tokio::test]
async fn nobody_outside_initech_sees_or_changes_anything_of_it() {
    crawl(&INITECH, OUTSIDE_INITECH).await;
}

#[tokio::test]
async fn nobody_outside_acme_sees_or_changes_anything_of_it() {
    crawl(&ACME, OUTSIDE_ACME).await;
}

/// What is on every page of a workspace, a refusal included: its name, the
/// names of its people, and that of the reader's own role.
const ON_EVERY_PAGE: &[&str] = &["organizations-name-", "user_profiles-name-", "roles-name-"];

/// The same tenant's viewer, who is inside, at every door of it: what the role does not hold stays unseen,
/// and nothing changes but their session and the log of what was denied.
#[tokio::test]
async fn a_viewer_sees_and_changes_nothing_that_the_role_does_not_hold() {
    let app = TestApp::new().await.leaves_jobs();
    canaries::plant(&app.owner, &ACME).await;
    let before = rows::of_organization(&app.owner, &ACME).await;
    let denials =
        "select count(*) from audit_log where organization_id::text like '%a' and outcome = 'denied'";
    let (mut refused, logged) = (0, app.stored::<i64>(denials).await);
    for door in app::routes(true).doors().iter().filter(|door| door.access == Access::Workspace) {
        for attempt in attempts(door, &ACME, None) {
            let mut browser = arrive(&app, "vic@acme.test", &ACME).await;
            let reply = send(&app, &mut browser, &door.method, &attempt).await;
            let what = format!("{} {attempt:?} got {}", door.method, reply.status);
            let said = everything_said(&reply);
            let sung = said
                .split(CANARY)
                .skip(1)
                .find(|rest| !ON_EVERY_PAGE.iter().any(|may| rest.starts_with(may)));
            let sung = sung.map(|rest| rest.chars().take(60).collect::<String>());
            assert_eq!(sung, None, "{what}");
            assert!(!reply.status.is_server_error(), "{what}: {said}");
            refused += i32::from(is_refusal(&reply));
        }
    }
    assert!(refused >= 200, "only {refused} refused");
    let changed = rows::changed(&before, &rows::of_organization(&app.owner, &ACME).await);
    let only_told: Vec<&String> = changed
        .iter()
        .filter(|table| !table.starts_with("audit_") && !table.starts_with("web_sessions"))
        .collect();
    assert!(only_told.is_empty() && !changed.is_empty(), "changed in {changed:?}");
    let done: i64 = app
        .stored("select count(*) from audit_log where organization_id::text like '%a' and outcome = 'done' and seq > 1")
        .await;
    assert_eq!(done, 0, "something was done");
    assert!(app.stored::<i64>(denials).await > logged);
}

/// Doors that add something under a name, in the sender's own organization, and name no id: the second
/// time the name is taken, or there is another.
const ADDS: &[&str] = &[
    "/w/{org}/contacts/lists",
    "/w/{org}/contacts/tags",
    "/w/{org}/contacts/exports",
    "/w/{org}/companies",
    "/w/{org}/settings/topics",
    "/w/{org}/campaigns/new",
    "/w/{org}/designs",
    "/w/{org}/settings/pipelines",
];

#[tokio::test]
async fn what_exists_elsewhere_looks_like_what_never_was() {
    let app = TestApp::new().await.leaves_jobs();
    canaries::open_session(&app.owner, &INITECH).await;
    let mut compared = 0;
    for door in app::routes(true).doors().iter().filter(|door| door.path.contains('{')) {
        let adds = door.method == Method::POST && ADDS.contains(&door.path.as_str());
        for (email, own) in OUTSIDE_INITECH.iter().filter(|(email, _)| !is_their_work(door, email)) {
            let there = attempts(door, &INITECH, *own);
            let nowhere = attempts(door, &NOWHERE, *own);
            for (there, nowhere) in
                there.iter().zip(&nowhere).filter(|(there, _)| !adds || there.names_it_in_the_path)
            {
                let exists = send(&app, &mut arrive(&app, email, &INITECH).await, &door.method, there).await;
                let never = send(&app, &mut arrive(&app, email, &NOWHERE).await, &door.method, nowhere).await;
                let (exists, never) = (neutral(&exists, &INITECH), neutral(&never, &NOWHERE));
                assert_eq!(exists, never, "“{email}” at {} {there:?}", door.method);
                compared += 1;
            }
        }
    }
    assert!(compared >= 100, "only {compared} compared");
}

/// A reply without what differs between any two: the request's id, random tokens, and what was asked for.
fn neutral(reply: &Reply, asked_for: &Tenant) -> String {
    let id = reply.header("x-request-id").to_owned();
    let mut headers = HeaderMap::new();
    for (name, value) in reply
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "set-cookie", "content-length"].contains(&name.as_str()))
    {
        headers.append(name, value.clone());
    }
    let cookies = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split('=').next());
    let cookies: Vec<&str> = cookies.collect();
    let mut said = format!("{} {headers:?} {cookies:?}\n{}", reply.status, reply.body).replace(&id, "ID");
    for (value, word) in asked_for.ids().into_iter().map(|id| (id, "THAT")).chain([(asked_for.slug, "SLUG")])
    {
        said = said.replace(value, word);
    }
    let token = Regex::new(r#"(name="_csrf" value=")[^"]*"#).unwrap();
    token.replace_all(&said, "${1}TOKEN").into_owned()
}
