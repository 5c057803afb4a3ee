//! The page of who changed what.

use std::collections::BTreeSet;

use groundswell::commands::audit_verify::look;
use sqlx::{Connection, PgConnection};

use crate::support::{
    TestApp,
    cluster::{self, Role},
};

const LOG: &str = "/w/acme/settings/audit-log";

#[tokio::test]
async fn a_change_stands_on_top_with_what_it_was_and_what_it_became() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post("/w/acme/settings", "name=Acme+Ltd&hue=4&time_zone=UTC").await;

    let page = olga.get(LOG).await;

    let text = page.text();
    assert!(text.contains("Olga Owner · Workspace changed · Acme Ltd"), "{text}");
    assert!(page.body.contains("<del>Acme</del>") && page.body.contains("<ins>Acme Ltd</ins>"));
    assert!(!text.contains("hue"), "what stayed is not told: {text}");
    assert!(text.contains("203.0.113.9"), "{text}");
}

#[tokio::test]
async fn the_log_is_narrowed_by_who_what_outcome_and_day() {
    let app = TestApp::new().await;
    app.sign_in("vic@acme.test").await.get("/w/acme/people").await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post("/w/acme/checklist/hide", "").await;

    for (query, seen, unseen) in [
        ("q=vic", "Access denied", "Checklist hidden"),
        ("kind=checklist", "Checklist hidden", "Access denied"),
        ("outcome=denied", "Access denied", "Checklist hidden"),
        ("from=2026-11-21&to=2026-11-21", "Checklist hidden", "Workspace founded"),
        ("to=2026-01-05", "Workspace founded", "Checklist hidden"),
    ] {
        let text = olga.get(&format!("{LOG}?{query}")).await.text();
        assert!(text.contains(seen) && !text.contains(unseen), "{query}: {text}");
    }
    let none = olga.get(&format!("{LOG}?q=50%25")).await.text();
    assert!(none.contains("Nothing matches"), "{none}");
}

#[tokio::test]
async fn a_long_log_comes_in_pages_that_neither_repeat_nor_skip_a_line() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    for _ in 0..60 {
        olga.post("/w/acme/checklist/hide", "").await;
    }

    let (mut seen, mut address, mut pages) = (BTreeSet::new(), LOG.to_owned(), 0);
    loop {
        let page = olga.get(&address).await.body;
        pages += 1;
        for rest in page.split("<span class=\"num hint\">").skip(1) {
            assert!(seen.insert(rest.split('<').next().unwrap().to_owned()), "twice");
        }
        let Some((_, next)) = page.split_once("?older=") else { break };
        address = format!("{LOG}?older={}", next.split('"').next().unwrap());
    }
    assert_eq!((pages, seen.len()), (2, 61));
}

#[tokio::test]
async fn the_export_holds_what_the_page_describes_and_no_formula() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post("/w/acme/settings", "name=%3DHYPERLINK(1)&hue=4&time_zone=UTC").await;
    olga.post("/w/acme/checklist/hide", "").await;

    let table = olga.get(&format!("{LOG}/export?kind=workspace")).await;

    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.header("content-disposition").contains("audit-log-acme.csv"));
    assert!(
        table.body.contains(",'=HYPERLINK(1),") && !table.body.contains("checklist.hidden"),
        "{}",
        table.body
    );
}

#[tokio::test]
async fn the_log_is_for_those_who_may_read_it() {
    let app = TestApp::new().await;
    for (who, status) in [("mia@acme.test", 403), ("ian@initech.test", 404), ("ada@brightside.test", 200)] {
        for path in [LOG.to_owned(), format!("{LOG}/export")] {
            assert_eq!(app.sign_in(who).await.get(&path).await.status, status, "{who} at {path}");
        }
    }
}

#[tokio::test]
async fn verifying_says_of_each_organization_whether_its_log_is_whole_and_where_not() {
    let app = TestApp::new().await;
    // The town's logs begin with a line that is no chain.
    sqlx::raw_sql("delete from audit_log; update audit_heads set seq = 0, hash = ''")
        .execute(&app.owner)
        .await
        .unwrap();
    let mut olga = app.sign_in("olga@acme.test").await;
    for _ in 0..3 {
        olga.post("/w/acme/checklist/hide", "").await;
    }
    let owner = cluster::endpoint(&app.database, Role::Super);
    let mut conn = PgConnection::connect_with(&owner.0).await.unwrap();

    let whole = look(&mut conn).await.unwrap();
    assert!(whole.is_whole);
    assert_eq!(whole.lines[0], "acme: the log is whole, 3 lines.");
    sqlx::raw_sql("update audit_log set actor_name = 'Nobody' where seq = 2")
        .execute(&app.owner)
        .await
        .unwrap();
    let broken = look(&mut conn).await.unwrap();
    assert!(!broken.is_whole);
    assert_eq!(broken.lines[0], "acme: line 2: the row was changed.");
}
