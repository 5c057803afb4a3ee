//! How the installation is, in sentences.

use groundswell::{app, jobs::schedule};

use super::{PAT, TESS};
use crate::support::TestApp;

#[tokio::test]
async fn the_overview_says_in_sentences_how_the_installation_is() {
    let app = TestApp::new().await;
    schedule::keep(&app.app, &app::schedules()).await.unwrap();
    app.app.warnings.set("mail", "the mail server does not answer");

    let page = app.sign_in(PAT).await.get("/admin").await;

    assert_eq!(page.status, 200);
    for told in [
        "PostgreSQL",
        "the database is up to date",
        "No job waits whose time has come.",
        "No mail server is configured",
        "MiB are free",
        "This process says: the mail server does not answer.",
        "accounts.sweep */10 * * * *",
        "support.end",
    ] {
        assert!(page.text().contains(told), "{told}: {}", page.text());
    }
}

#[tokio::test]
async fn a_queue_that_nobody_works_off_is_called_wrong() {
    let app = TestApp::new().await.idle().await.leaves_jobs();
    let sql = "insert into job_queue (organization_id, id, kind, payload, max_attempts, run_at)
               select id, gen_random_uuid(), 'jobs.trial', '{}', 5, now() - interval '40 minutes'
                 from organizations where slug = 'acme'";
    sqlx::query(sql).execute(&app.owner).await.unwrap();

    let page = app.sign_in(PAT).await.get("/admin").await.text();

    assert!(page.contains("Jobs Wrong 1 jobs are due, the oldest for 40 minutes."), "{page}");
}

#[tokio::test]
async fn who_has_a_platform_role_is_led_there_and_nobody_else_is() {
    let app = TestApp::new().await;
    for who in [PAT, TESS] {
        assert!(app.sign_in(who).await.get("/account").await.body.contains("href=\"/admin\""), "{who}");
    }
    for path in ["/account", "/w/acme"] {
        assert!(
            !app.sign_in("olga@acme.test").await.get(path).await.body.contains("href=\"/admin\""),
            "{path}"
        );
    }
    let pages = app.sign_in(TESS).await.get("/admin").await.body;
    assert!(!pages.contains("/admin/jobs") && !pages.contains("/admin/mailbox"), "only what works is shown");
}

#[tokio::test]
async fn the_installation_is_no_workspace() {
    let app = TestApp::new().await;
    let mut pat = app.sign_in(PAT).await;

    let workspaces = pat.get("/workspaces").await;
    assert!(workspaces.text().contains("You are in no workspace yet"), "{}", workspaces.text());
    assert_eq!(pat.get("/w/installation").await.status, 404);
    assert_eq!(pat.get("/").await.header("location"), "/workspaces");
}

#[tokio::test]
async fn a_platform_role_that_was_taken_away_opens_nothing_with_the_next_request() {
    for end in [
        "delete from organization_members where user_id = '00000000-0000-7000-8000-000000000041'",
        "update organization_members set status = 'inactive' where user_id = '00000000-0000-7000-8000-000000000041'",
    ] {
        let app = TestApp::new().await;
        let mut pat = app.sign_in(PAT).await;
        assert_eq!(pat.get("/admin").await.status, 200);

        sqlx::query(end).execute(&app.owner).await.unwrap();

        assert_eq!(pat.get("/admin").await.status, 404, "{end}");
    }
}
