//! The built-in mailbox as its reader sees it.

use groundswell::{app, web::routes::Access};

use super::{message, send};
use crate::support::TestApp;

#[tokio::test]
async fn without_a_server_mail_is_kept_and_shown_in_all_its_sides() {
    let app = TestApp::new().await;
    send(&app.app, message("olga@acme.test", "Reset <your> password"), "reset-1").await;
    let mut visitor = app.visitor();

    let list = visitor.get("/dev/mailbox").await;
    assert!(list.text().contains("Reset <your> password olga@acme.test Kept"), "{}", list.text());
    let id: uuid::Uuid = app.stored("select id from mail_messages").await;

    assert!(
        visitor
            .get(&format!("/dev/mailbox/{id}"))
            .await
            .body
            .contains(&format!("src=\"/dev/mailbox/{id}/html\""))
    );
    assert!(
        visitor.get(&format!("/dev/mailbox/{id}?tab=text")).await.text().contains("Grüße! Open https://app")
    );
    assert!(
        visitor
            .get(&format!("/dev/mailbox/{id}?tab=headers"))
            .await
            .text()
            .contains("Auto-Submitted auto-generated")
    );
    assert!(visitor.get(&format!("/dev/mailbox/{id}?tab=source")).await.text().contains("MIME-Version: 1.0"));
    assert_eq!(visitor.get(&format!("/dev/mailbox/{}", uuid::Uuid::nil())).await.status, 404);
}

#[tokio::test]
async fn the_html_of_a_message_runs_nothing_and_may_be_framed_by_its_page_alone() {
    let app = TestApp::new().await;
    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    let id: uuid::Uuid = app.stored("select id from mail_messages").await;

    let html = app.visitor().get(&format!("/dev/mailbox/{id}/html")).await;

    let policy = html.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; img-src data:;"), "{policy}");
    assert!(
        policy.contains("sandbox")
            && !policy.contains("allow-scripts")
            && !policy.contains("allow-same-origin")
    );
    assert_eq!(html.header("x-frame-options"), "SAMEORIGIN");
    assert!(html.body.contains("<head><base target=\"_blank\">"), "{}", html.body);
}

#[tokio::test]
async fn a_test_can_ask_for_the_latest_message_to_an_address() {
    let app = TestApp::new().await;
    send(&app.app, message("olga@acme.test", "First"), "1").await;
    app.app.clock.advance(chrono::TimeDelta::seconds(1));
    send(&app.app, message("olga@acme.test", "Second"), "2").await;
    send(&app.app, message("mia@acme.test", "Other"), "3").await;

    let reply = app.visitor().get("/dev/mailbox/latest?to=Olga@acme.test").await;

    let latest: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
    assert_eq!(latest["subject"], "Second");
    assert_eq!(latest["links"][0], "https://app.groundswell.test/reset/abc?x=1");
    assert_eq!(app.visitor().get("/dev/mailbox/latest?to=nobody@acme.test").await.status, 404);
}

#[tokio::test]
async fn the_list_is_searched_and_paged_and_emptied() {
    let app = TestApp::new().await;
    for n in 0..60 {
        send(&app.app, message("olga@acme.test", &format!("Number {n:02}")), &format!("key-{n}")).await;
        app.app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    send(&app.app, message("mia@acme.test", "100% sure_thing"), "key-m").await;
    let mut visitor = app.visitor();

    let first = visitor.get("/dev/mailbox?q=olga").await;
    assert!(first.text().contains("Number 59") && !first.text().contains("Number 09"), "{}", first.text());
    let older = link(&first.body, "rel=\"next\" href=\"");
    let second = visitor.get(&older).await;
    assert!(second.text().contains("Number 09") && second.text().contains("Number 00"), "{}", second.text());
    let newer = visitor.get(&link(&second.body, "rel=\"prev\" href=\"")).await;
    assert!(newer.text().contains("Number 59") && newer.text().contains("Number 10"), "{}", newer.text());
    assert_eq!(visitor.get("/dev/mailbox?q=0%25+sure_").await.body.matches("name=\"id\"").count(), 1);
    assert!(visitor.get("/dev/mailbox?q=nothing").await.text().contains("Nothing found No message has that"));

    let ids = app
        .stored::<String>("select string_agg('id=' || id, '&') from (select id from mail_messages limit 2) x")
        .await;
    assert_eq!(visitor.post("/dev/mailbox/deletion", &ids).await.status, 303);
    assert_eq!(app.stored::<i64>("select count(*) from mail_messages").await, 59);
    visitor.post("/dev/mailbox/deletion", "everything=true").await;
    assert!(visitor.get("/dev/mailbox").await.text().contains("No mail yet"));
}

#[tokio::test]
async fn a_failed_message_is_tried_again_on_request() {
    let app = TestApp::with(&["--smtp-url", "smtp://127.0.0.1:9"]).await.leaves_jobs();
    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    sqlx::query("update mail_messages set status = 'failed', last_error = '550 no'")
        .execute(&app.owner)
        .await
        .expect("failed");
    let id: uuid::Uuid = app.stored("select id from mail_messages").await;
    let mut visitor = app.visitor();

    let page = visitor.get(&format!("/dev/mailbox/{id}")).await.text();
    assert!(page.contains("Try again now") && page.contains("Failed Attempts 0 Last error 550 no"), "{page}");
    assert_eq!(visitor.post(&format!("/dev/mailbox/{id}/retry"), "").await.status, 303);

    assert_eq!(app.stored::<String>("select status from mail_messages").await, "queued");
}

#[test]
fn outside_of_development_there_is_no_mailbox() {
    assert!(
        !app::routes(false)
            .doors()
            .iter()
            .any(|door| door.access == Access::Development || door.path.contains("dev"))
    );
    assert!(app::routes(true).doors().iter().any(|door| door.path == "/dev/mailbox"));
}

fn link(body: &str, before: &str) -> String {
    let rest = body.split_once(before).unwrap_or_else(|| panic!("no {before} in {body}")).1;
    rest.split('"').next().expect("a link").replace("&amp;", "&")
}
