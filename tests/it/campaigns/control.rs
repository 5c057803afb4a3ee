//! Starting a campaign, and everything that can be done to it from then on: once each, whoever presses twice.

use chrono::TimeDelta;

use crate::support::{Browser, TestApp};

const SPRING: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1";
const WINTER: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a2";

/// Acme with an address, and nothing in the queue; mail stays in the built-in mailbox.
async fn ready() -> TestApp {
    let app = TestApp::new().await.idle().await.leaves_jobs();
    let sql = "update brand_profiles set postal_address = '1 Sky Road, Denver';
               insert into brand_profiles (organization_id, name, primary_colour, accent_colour, reply_to, postal_address, updated_at)
               select id, name, '#112233', '#112233', '', '1 Sky Road, Denver', now() from organizations where slug = 'acme'
                   on conflict do nothing;
               delete from mail_servers; delete from sending_domains";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    app
}

async fn press(browser: &mut Browser, path: &str, form: &str) {
    let reply = browser.post(path, form).await;
    assert_eq!(reply.status, 303, "{path}: {}", reply.text());
}

async fn status(app: &TestApp) -> String {
    app.stored("select status from broadcasts where id::text like '%11a1'").await
}

async fn orders(app: &TestApp) -> i64 {
    app.stored("select count(*) from job_queue where kind = 'campaigns.begin' and status = 'waiting'").await
}

#[tokio::test]
async fn the_last_question_names_the_workspace_the_people_the_sender_and_the_subject() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let asked = mia.hx_get(&format!("{SPRING}/confirm")).await;
    for shown in ["Send as Acme", "1 person", "news@acme.test", "It is spring", "built-in mailbox"] {
        assert!(asked.text().contains(shown), "{shown}: {}", asked.text());
    }
    assert!(!asked.body.contains("<html"), "a part for the dialog");
    // Without JavaScript it is a page.
    assert!(mia.get(&format!("{SPRING}/confirm")).await.text().contains("Before it leaves"));
}

#[tokio::test]
async fn a_start_can_be_undone_and_begins_once_however_often_it_is_pressed() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    for _ in 0..2 {
        press(&mut mia, &format!("{SPRING}/start"), "rev=1").await;
    }
    assert_eq!((status(&app).await.as_str(), orders(&app).await), ("queued", 1));
    assert!(mia.get(SPRING).await.text().contains("It begins in 30 s"));

    for _ in 0..2 {
        press(&mut mia, &format!("{SPRING}/undo"), "").await;
    }
    assert_eq!(status(&app).await, "draft");
    app.app.clock.advance(TimeDelta::seconds(31));
    app.skip_pauses().await;
    app.work().await;
    assert_eq!(status(&app).await, "draft", "an order from before the undo begins nothing");

    let rev: i64 = app.stored("select rev from broadcasts where id::text like '%11a1'").await;
    press(&mut mia, &format!("{SPRING}/start"), &format!("rev={rev}")).await;
    app.app.clock.advance(TimeDelta::seconds(31));
    while app.work().await > 0 || orders(&app).await > 0 {
        app.skip_pauses().await;
    }
    assert_eq!(status(&app).await, "sent");
    let page = mia.get(SPRING).await.text();
    assert!(page.contains("1 of 1") && page.contains("Report"), "{page}");
    let log = "select count(*) from audit_log where action in ('campaigns.started', 'campaigns.undone')";
    assert_eq!(app.stored::<i64>(log).await, 3);
}

#[tokio::test]
async fn nothing_starts_that_was_changed_since_or_that_something_stops() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    press(&mut mia, &format!("{SPRING}/draft/subject"), "rev=1&subject=Other+words").await;
    press(&mut mia, &format!("{SPRING}/start"), "rev=1").await;
    assert!(
        mia.get(SPRING).await.text().contains("Somebody changed this campaign meanwhile, so it was not sent")
    );
    sqlx::query("update brand_profiles set postal_address = ''").execute(&app.owner).await.unwrap();
    press(&mut mia, &format!("{SPRING}/start"), "rev=2").await;
    assert!(mia.get(SPRING).await.text().contains("It was not sent. Your postal address is missing"));
    assert_eq!((status(&app).await.as_str(), orders(&app).await), ("draft", 0));
}

#[tokio::test]
async fn a_time_is_kept_to_and_one_that_is_over_is_refused() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    press(&mut mia, &format!("{SPRING}/schedule"), "rev=1").await;
    assert_eq!(status(&app).await, "draft", "no time was chosen");
    press(&mut mia, &format!("{SPRING}/draft/time"), "rev=1&when=later&begins=2026-11-21T23:00").await;
    press(&mut mia, &format!("{SPRING}/schedule"), "rev=2").await;
    assert_eq!((status(&app).await.as_str(), orders(&app).await), ("scheduled", 1));
    let wait: f64 = app
        .stored(
            "select extract(epoch from run_at - now())::float8 from job_queue where kind = 'campaigns.begin'",
        )
        .await;
    assert!(wait > 3600.0, "{wait}");
    press(&mut mia, &format!("{SPRING}/undo"), "").await;
    assert!(mia.get(SPRING).await.text().contains("Schedule…"), "the time stays chosen");

    app.app.clock.advance(TimeDelta::days(2));
    press(&mut mia, &format!("{SPRING}/schedule"), "rev=4").await;
    assert!(mia.get(SPRING).await.text().contains("The time that was chosen is over"));
}

/// The campaign of the winter as it was while it was sent, with one message that nobody knows about.
async fn halfway(app: &TestApp, status: &'static str) {
    let sql = "update broadcasts set status = '".to_owned()
        + status
        + "', finished_at = null where id::text like '%11a2';
               update channel_outbox set status = 'unknown' where source_id::text like '%11a2'";
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
}

async fn winter(app: &TestApp) -> (String, String) {
    let row = sqlx::query_as(
        "select b.status, o.status from broadcasts b join channel_outbox o on o.source_id = b.id where b.id::text like '%11a2'",
    );
    row.fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn it_is_paused_goes_on_and_is_called_off() {
    let app = ready().await;
    halfway(&app, "sending").await;
    sqlx::query("update channel_outbox set status = 'scheduled' where source_id::text like '%11a2'")
        .execute(&app.owner)
        .await
        .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    for (door, becomes) in
        [("pause", "paused"), ("resume", "sending"), ("pause", "paused"), ("cancel", "cancelled")]
    {
        for _ in 0..2 {
            press(&mut mia, &format!("{WINTER}/{door}"), "").await;
        }
        assert_eq!(winter(&app).await.0, becomes, "{door}");
    }
    assert_eq!(winter(&app).await.1, "cancelled", "what had not left stays here");
    let orders: i64 = app.stored("select count(*) from job_queue where kind = 'campaigns.send'").await;
    assert_eq!(orders, 1);
    let done = "select count(*) from audit_log where action in ('campaigns.paused', 'campaigns.resumed', 'campaigns.cancelled')";
    assert_eq!(app.stored::<i64>(done).await, 4, "each once");
}

#[tokio::test]
async fn what_is_resumed_while_its_last_slice_ends_goes_on() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    halfway(&app, "paused").await;
    press(&mut mia, &format!("{WINTER}/resume"), "").await;
    let slice = async |sql: &'static str| sqlx::query(sql).execute(&app.owner).await.unwrap();
    slice("update job_queue set status = 'running', holder = gen_random_uuid(), leased_until = now() + interval '1 minute' where kind = 'campaigns.send'").await;
    press(&mut mia, &format!("{WINTER}/pause"), "").await;
    // It has seen that it is paused, and is not yet over.
    press(&mut mia, &format!("{WINTER}/resume"), "").await;
    slice("update job_queue set status = 'done', holder = null, leased_until = null, finished_at = now() where kind = 'campaigns.send'").await;
    slice("update job_queue set run_at = now() where kind = 'campaigns.resume'").await;

    app.work().await;

    assert_eq!(winter(&app).await.0, "sent");
}

#[tokio::test]
async fn what_nobody_knows_is_decided_by_a_person_once() {
    let app = ready().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    halfway(&app, "sent").await;
    let page = mia.get(WINTER).await.text();
    assert!(page.contains("Of 1 nobody knows whether they arrived"), "{page}");
    assert_eq!(mia.post(&format!("{WINTER}/settle"), "outcome=perhaps").await.status, 404);
    for _ in 0..2 {
        press(&mut mia, &format!("{WINTER}/settle"), "outcome=again").await;
    }
    assert_eq!(winter(&app).await, ("sending".to_owned(), "scheduled".to_owned()));
    halfway(&app, "cancelled").await;
    press(&mut mia, &format!("{WINTER}/settle"), "outcome=again").await;
    assert_eq!(winter(&app).await.1, "unknown", "what was called off is not sent again");
    press(&mut mia, &format!("{WINTER}/settle"), "outcome=sent").await;
    assert_eq!(winter(&app).await, ("cancelled".to_owned(), "sent".to_owned()));
}

#[tokio::test]
async fn who_goes_to_many_types_the_name_of_the_workspace() {
    let app = ready().await;
    let sql = "insert into contacts (organization_id, id, email, created_at, updated_at)
               select o.id, gen_random_uuid(), n || '@many.test', now(), now() from organizations o, generate_series(1, 1001) n where o.slug = 'acme';
               update broadcasts set to_everybody = true where id::text like '%11a1'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let asked = mia.post(&format!("{SPRING}/start"), "rev=1&workspace=Initech").await;
    assert!(
        asked.status == 422 && asked.text().contains("Type the name of this workspace"),
        "{}",
        asked.text()
    );
    assert_eq!(status(&app).await, "draft");
    let name: String = app.stored("select name from organizations where slug = 'acme'").await;
    press(&mut mia, &format!("{SPRING}/start"), &format!("rev=1&workspace={}", name.replace(' ', "+"))).await;
    assert_eq!(status(&app).await, "queued");
}
