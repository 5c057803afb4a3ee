//! The people of the installation, and shutting one out of all of it.

use super::{PAT, TESS};
use crate::support::TestApp;

const OLGA: &str = "/admin/users/00000000-0000-7000-8000-000000000011";
const PATS: &str = "/admin/users/00000000-0000-7000-8000-000000000041";

#[tokio::test]
async fn people_are_found_with_where_they_are_and_how_they_sign_in() {
    let app = TestApp::new().await;
    let _elsewhere = app.sign_in("olga@acme.test").await;
    let mut tess = app.sign_in(TESS).await;

    let list = tess.get("/admin/users?q=olga").await;
    assert!(list.text().contains("Olga Owner olga@acme.test Off 1"), "{}", list.text());
    assert!(!list.text().contains("mia@acme.test"));
    let page = tess.get(OLGA).await.text();
    assert!(page.contains("Two-factor sign-in off Signed in with 1 browser"), "{page}");
    assert!(page.contains("Acme Owner Jan 5, 2026 Can enter"), "{page}");
    assert!(!page.contains("Shut them out"), "support looks on");
    assert_eq!(tess.post(&format!("{OLGA}/disable"), "is_certain=on").await.status, 403);
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_with_the_next_request_and_letting_them_in_revives_nothing() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let mut pat = app.sign_in(PAT).await;
    assert_eq!(olga.get("/w/acme").await.status, 200);

    assert_eq!(pat.post(&format!("{OLGA}/disable"), "is_certain=on").await.header("location"), OLGA);

    assert_eq!(olga.get("/w/acme").await.status, 303);
    assert_eq!(app.stored::<i64>("select count(*) from web_sessions s join users u on u.id = s.user_id where u.email = 'olga@acme.test'").await, 0);
    assert!(pat.get(OLGA).await.text().contains("Let them in again"));
    assert_eq!(pat.post(&format!("{OLGA}/enable"), "").await.status, 303);
    assert_eq!(olga.get("/w/acme").await.status, 303, "the session of before stays over");
    assert_eq!(app.sign_in("olga@acme.test").await.get("/w/acme").await.status, 200);
    let told: String = app
        .stored(
            "select string_agg(actor_name || ' ' || action || ' ' || subject_name, ', ' order by seq) from audit_log
              where organization_id = '00000000-0000-7000-8000-000000000000'",
        )
        .await;
    assert_eq!(told, "Pat Platform users.shut_out Olga Owner, Pat Platform users.let_in Olga Owner");
}

#[tokio::test]
async fn shutting_somebody_out_is_confirmed_first() {
    let app = TestApp::new().await;
    let mut pat = app.sign_in(PAT).await;

    let reply = pat.post(&format!("{OLGA}/disable"), "").await;

    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("Tick this box if they are to be shut out."));
    assert_eq!(app.sign_in("olga@acme.test").await.get("/w/acme").await.status, 200);
}

#[tokio::test]
async fn nobody_shuts_out_themselves_or_the_last_platform_administrator() {
    let app = TestApp::new().await;
    let mut pat = app.sign_in(PAT).await;
    let own = pat.post(&format!("{PATS}/disable"), "is_certain=on").await;
    assert!(own.status == 422 && own.text().contains("You cannot shut yourself out."), "{}", own.text());

    // Tess may manage people but is no platform administrator: Pat is the last one.
    sqlx::query(
        "insert into role_permissions values ('00000000-0000-7000-8000-000000000000',
             '00000000-0000-7000-8000-000000000002', 'platform.manage_users')",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut tess = app.sign_in(TESS).await;
    let last = tess.post(&format!("{PATS}/disable"), "is_certain=on").await;
    assert!(last.status == 422 && last.text().contains("the last platform administrator"), "{}", last.text());
    assert_eq!(pat.get("/admin").await.status, 200);

    groundswell::admin::staff::give(&app.app, "vic@acme.test", "platform_admin", "a test").await.unwrap();
    assert_eq!(tess.post(&format!("{PATS}/disable"), "is_certain=on").await.status, 303);
    assert_eq!(pat.get("/admin").await.status, 303);
}
