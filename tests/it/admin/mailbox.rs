//! System mail as those see it who look after an installation: how it stands, never what is written.

use super::{PAT, TESS};
use crate::{
    mail::{message, send},
    support::TestApp,
};

#[tokio::test]
async fn a_message_shows_its_headers_and_its_standing_and_none_of_its_links() {
    let app = TestApp::new().await;
    send(&app.app, message("olga@acme.test", "Reset your password"), "reset-1").await;
    let id: uuid::Uuid = app.stored("select id from mail_messages").await;
    let mut pat = app.sign_in(PAT).await;

    let list = pat.get("/admin/mailbox?q=olga").await.text();
    assert!(list.contains("Reset your password olga@acme.test Kept"), "{list}");
    for tab in ["", "?tab=text", "?tab=html", "?tab=source"] {
        let page = pat.get(&format!("/admin/mailbox/{id}{tab}")).await;
        assert!(page.text().contains("Auto-Submitted auto-generated"), "{}", page.text());
        assert!(!page.body.contains("/reset/abc") && !page.text().contains("Grüße"), "{}", page.text());
    }
    assert_eq!(pat.get(&format!("/admin/mailbox/{id}/html")).await.status, 404);
    assert_eq!(app.sign_in(TESS).await.get("/admin/mailbox").await.status, 403);
}

#[tokio::test]
async fn a_failed_message_is_sent_again_and_the_log_has_it() {
    let app = TestApp::with(&["--smtp-url", "smtp://127.0.0.1:9"]).await.leaves_jobs();
    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    sqlx::query("update mail_messages set status = 'failed', last_error = '550 no'")
        .execute(&app.owner)
        .await
        .unwrap();
    let id: uuid::Uuid = app.stored("select id from mail_messages").await;
    let mut pat = app.sign_in(PAT).await;
    assert!(pat.get(&format!("/admin/mailbox/{id}")).await.text().contains("Last error 550 no"));

    assert_eq!(pat.post(&format!("/admin/mailbox/{id}/retry"), "").await.status, 303);

    assert_eq!(app.stored::<String>("select status from mail_messages").await, "queued");
    assert_eq!(app.stored::<i64>("select count(*) from audit_log where action = 'mail.retried'").await, 1);
}
