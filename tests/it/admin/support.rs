//! AUD-3: the platform's support enters a workspace only by a grant: for a while, with a written reason, in
//! sight of its people.

use chrono::TimeDelta;

use super::{PAT, TESS};
use crate::support::{
    Browser, TestApp,
    tenant::{ACME, INITECH},
};

const ASK: &str = "/admin/organizations/00000000-0000-7000-8000-00000000000b/support";
const FORM: &str = "reason=Ian+asked+why+nobody+can+print&minutes=30";
const ROOMS: &[&str] =
    &["", "/people", "/settings", "/settings/jobs", "/settings/roles", "/palette", "/live"];

/// Lets Tess into Initech, as this form asks.
async fn begin(app: &TestApp, form: &str) -> Browser {
    let mut tess = app.sign_in(TESS).await;
    let reply = tess.post(ASK, form).await;
    assert_eq!(reply.header("location"), "/w/initech", "{}", reply.text());
    tess
}

/// What the log of Initech has, from its second line on: kind, name, action, what it was done to.
async fn logged(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar(
        "select actor_kind || ' ' || actor_name || ': ' || action || ' ' || subject_name from audit_log
          where organization_id = '00000000-0000-7000-8000-00000000000b' and seq > 1 order by seq",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap()
}

async fn grant(app: &TestApp) -> uuid::Uuid {
    app.stored(
        "select id from support_grants where reason like 'Ian asked why%' order by starts_at desc limit 1",
    )
    .await
}

#[tokio::test]
async fn without_a_grant_nobody_of_the_platform_enters_any_room() {
    let app = TestApp::new().await;
    for who in [TESS, PAT] {
        let mut browser = app.sign_in(who).await;
        for room in ROOMS {
            for tenant in [ACME, INITECH] {
                let path = format!("/w/{}{room}", tenant.slug);
                assert_eq!(browser.get(&path).await.status, 404, "{who} at {path}");
            }
        }
    }
    assert_eq!(logged(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn with_a_grant_they_look_and_every_page_says_who_until_when_and_why() {
    let app = TestApp::new().await;
    let mut tess = begin(&app, FORM).await;

    for room in ["", "/people", "/settings/jobs", "/settings/roles"] {
        let page = tess.get(&format!("/w/initech{room}")).await;
        assert_eq!(page.status, 200, "{room}");
        let banner =
            "Support access by Tess Support until Nov 21, 2026, 9:30 AM: Ian asked why nobody can print";
        assert!(page.text().contains(banner), "{room}: {}", page.text());
        assert!(page.body.contains(&format!("action=\"{ASK}/{}/end\"", grant(&app).await)), "{room}");
    }
    assert!(tess.get("/w/initech/people").await.text().contains("Iris of Initech"));
    assert_eq!(tess.get("/w/acme").await.status, 404, "and nowhere else");
    assert!(
        !app.sign_in("ian@initech.test").await.get("/w/initech").await.text().contains("Support access by")
    );
}

#[tokio::test]
async fn who_only_looks_changes_nothing_and_who_may_change_things_gives_nobody_a_key() {
    let app = TestApp::new().await;
    let rename = "name=Renamed&hue=1&time_zone=UTC";
    let mut tess = begin(&app, FORM).await;
    assert_eq!(tess.post("/w/initech/settings", rename).await.status, 403);
    assert_eq!(tess.post("/w/initech/views", "screen=people&name=Mine&query=").await.status, 403);

    let mut tess = begin(&app, &format!("{FORM}&may_change=on")).await;
    assert_eq!(tess.post("/w/initech/settings", rename).await.status, 303);
    assert_eq!(
        app.stored::<String>("select name from organizations where slug = 'initech'").await,
        "Renamed"
    );
    for (path, form) in [
        ("/people/invite", "emails=tess%40platform.test&role=00000000-0000-7000-8000-0000000ab001"),
        ("/settings/roles/new", "name=Mine&from=00000000-0000-7000-8000-0000000ab002"),
        ("/settings/secrets", "label=Mine&value=open-sesame-open-sesame"),
        ("/settings/security", "requires_two_factor=on"),
        ("/settings/support/00000000-0000-7000-8000-0000000007b1/end", ""),
    ] {
        assert_eq!(tess.post(&format!("/w/initech{path}"), form).await.status, 403, "{path}");
    }
    let log = logged(&app).await;
    assert!(log.contains(&"support Tess Support: workspace.changed Renamed".to_owned()), "{log:?}");
    assert!(!log.iter().any(|line| line.starts_with("user")), "{log:?}");
}

#[tokio::test]
async fn the_people_of_the_workspace_read_in_their_log_what_the_support_did_and_looked_at() {
    let app = TestApp::new().await;
    let mut tess = begin(&app, FORM).await;
    tess.get("/w/initech").await;
    for _ in 0..3 {
        tess.get("/w/initech/people").await;
    }
    tess.hx_get("/w/initech/palette?q=iris").await;
    tess.post(&format!("{ASK}/{}/end", grant(&app).await), "").await;

    let log = logged(&app).await;

    let lines = [
        "began Tess Support",
        "looked /w/initech",
        "looked /w/initech/people",
        "looked /w/initech/palette",
        "ended Tess Support",
    ];
    let lines: Vec<String> =
        lines.iter().map(|line| format!("support Tess Support: support.{line}")).collect();
    assert_eq!(log, lines);
    let page = app.sign_in("ian@initech.test").await.get("/w/initech/settings/audit-log").await.text();
    assert!(page.contains("Tess Support") && page.contains("Ian asked why nobody can print"), "{page}");
    let outside: String = app
        .stored(
            "select string_agg(actor_name || ' ' || action || ' ' || subject_name, ', ' order by seq) from audit_log
              where organization_id = '00000000-0000-7000-8000-000000000000'",
        )
        .await;
    assert_eq!(outside, "Tess Support support.began Initech, Tess Support support.ended Initech");
}

#[tokio::test]
async fn the_next_request_after_its_time_finds_nothing() {
    let app = TestApp::new().await;
    let mut tess = begin(&app, FORM).await;
    app.app.clock.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    assert_eq!(tess.get("/w/initech").await.status, 200);

    app.app.clock.advance(TimeDelta::seconds(1));

    for room in ROOMS {
        assert_eq!(tess.get(&format!("/w/initech{room}")).await.status, 404, "{room}");
    }
    assert!(!tess.get("/workspaces").await.text().contains("Initech"));
}

#[tokio::test]
async fn that_its_time_was_over_is_written_down_once() {
    let app = TestApp::new().await.idle().await;
    begin(&app, FORM).await;
    app.app.clock.advance(TimeDelta::hours(1));
    for _ in 0..2 {
        let sql = "insert into job_queue (organization_id, id, kind, payload, max_attempts)
                   values ('00000000-0000-7000-8000-000000000000', gen_random_uuid(), 'support.end', 'null', 5)";
        sqlx::query(sql).execute(&app.owner).await.unwrap();
    }

    app.work().await;

    let log = logged(&app).await;
    assert_eq!(log[1..], ["machine support.end: support.ended Tess Support".to_owned()], "{log:?}");
    let page = app.sign_in("ian@initech.test").await.get("/w/initech/settings/support").await.text();
    assert!(page.contains("Time was over"), "{page}");
}

#[tokio::test]
async fn an_owner_sees_who_is_here_and_shows_them_out_at_once() {
    let app = TestApp::new().await;
    let mut tess = begin(&app, FORM).await;
    assert_eq!(tess.get("/w/initech").await.status, 200);
    let mut ian = app.sign_in("ian@initech.test").await;

    let page = ian.get("/w/initech/settings/support").await.text();
    assert!(page.contains("Tess Support Ian asked why nobody can print look"), "{page}");
    assert!(page.contains("Is here") && page.contains("Was ended by Ian of Initech"), "{page}");
    let end = format!("/w/initech/settings/support/{}/end", grant(&app).await);
    assert_eq!(ian.post(&end, "").await.status, 303);

    assert_eq!(tess.get("/w/initech").await.status, 404);
    assert_eq!(logged(&app).await.last().unwrap(), "user Ian of Initech: support.ended Tess Support");
    assert_eq!(app.sign_in("iris@initech.test").await.get("/w/initech/settings/support").await.status, 403);
    assert_eq!(app.sign_in("olga@acme.test").await.post(&end, "").await.status, 404);
}

#[tokio::test]
async fn who_may_no_longer_give_support_is_out_although_the_grant_lasts() {
    let app = TestApp::new().await;
    let mut tess = begin(&app, FORM).await;
    let sql = "delete from organization_members where user_id = '00000000-0000-7000-8000-000000000042'";
    sqlx::query(sql).execute(&app.owner).await.unwrap();

    assert_eq!(tess.get("/w/initech").await.status, 404);
}

#[tokio::test]
async fn a_reason_and_a_time_are_asked_for_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let mut tess = app.sign_in(TESS).await;
    for (form, told) in [
        ("reason=help&minutes=30", "Say in 10 to 1000 characters why."),
        ("reason=+++++++++++++++&minutes=30", "Say in 10 to 1000 characters why."),
        ("reason=Ian+asked+for+help&minutes=481", "Choose how long it takes."),
        ("reason=Ian+asked+for+help&minutes=14", "Choose how long it takes."),
        ("", "2 things need a second look"),
    ] {
        let reply = tess.post(ASK, form).await;
        assert!(reply.status == 422 && reply.text().contains(told), "{form}: {}", reply.text());
    }
    assert!(tess.post(ASK, "reason=help%3C&minutes=30").await.text().contains("help<"));
    assert_eq!(tess.get("/w/initech").await.status, 404);
    let nowhere = ASK.replace("00000000000b", "0000000000ff");
    assert_eq!(tess.post(&nowhere, FORM).await.status, 404);
    let installation = ASK.replace("00000000000b", "000000000000");
    assert_eq!(tess.post(&installation, FORM).await.status, 404);
}

#[tokio::test]
async fn no_grant_of_less_or_more_time_or_without_a_reason_fits_into_the_database() {
    let app = TestApp::new().await;
    for (reason, minutes) in [("too short", 30), ("a good long reason", 14), ("a good long reason", 481)] {
        let made = sqlx::query(
            "insert into support_grants (organization_id, id, user_id, user_name, reason, is_read_only, starts_at, ends_at)
             values ($1::uuid, gen_random_uuid(), null, 'Tess', $2, true, now(), now() + $3 * interval '1 minute')",
        )
        .bind(INITECH.org)
        .bind(reason)
        .bind(f64::from(minutes))
        .execute(&app.owner)
        .await;
        assert!(made.is_err(), "{reason} {minutes}");
    }
}

#[tokio::test]
async fn a_grant_for_an_agency_opens_none_of_its_clients() {
    let app = TestApp::new().await;
    let mut tess = app.sign_in(TESS).await;
    let ask = ASK.replace("00000000000b", "00000000000c");
    tess.post(&ask, &format!("{FORM}&may_change=on")).await;

    assert_eq!(tess.get("/w/brightside").await.status, 200);
    assert_eq!(tess.get("/w/acme").await.status, 404);
    assert_eq!(tess.get("/w/brightside/clients/acme/access").await.status, 404);
}
