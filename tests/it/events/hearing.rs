//! Every event is heard, in its order, and what is made of it stands once.

use groundswell::{
    events::{self, Listener, Recorded},
    tenancy::{JobScope, OrgTx},
};
use uuid::Uuid;

use super::{BellRang, ring, tell};
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

/// Writes what it hears behind the organization's name.
const SCRIBE: Listener =
    Listener { name: "scribe", hear: |tx, _, event| Box::pin(async move { write(tx, event).await }) };

async fn write(tx: &mut OrgTx, event: &Recorded) -> anyhow::Result<()> {
    let Some(rang) = event.read::<BellRang>()? else { return Ok(()) };
    let sql = "update organizations set name = name || ' ' || $2 where id = $1";
    sqlx::query(sql).bind(tx.org()).bind(rang.times.to_string()).execute(tx.conn()).await?;
    // Once, so that a test may see what comes of it.
    anyhow::ensure!(rang.times != 13, "thirteen is unlucky");
    Ok(())
}

async fn name(app: &TestApp, org: &str) -> String {
    let name = sqlx::query_scalar("select name from organizations where id = $1::uuid").bind(org);
    name.fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn a_listener_hears_what_happened_in_its_order_and_once() {
    let app = TestApp::new().await;
    for times in 1..=250 {
        ring(&app, ACME.org, times).await;
    }
    ring(&app, INITECH.org, 7).await;

    tell(&app, vec![SCRIBE]).await;
    tell(&app, vec![SCRIBE]).await;

    let expected = (1..=250).fold("Acme".to_owned(), |name, times| format!("{name} {times}"));
    assert_eq!(name(&app, ACME.org).await, expected);
    assert!(name(&app, INITECH.org).await.ends_with(" 7"), "everybody hears of their own");
    let orders: i64 = app.stored("select count(*) from job_queue where kind = 'events.tell'").await;
    assert_eq!(orders, 2, "what waits to be told is told at once");
}

#[tokio::test]
async fn what_a_listener_that_fails_has_made_of_an_event_is_undone_and_the_others_hear_all() {
    let app = TestApp::new().await;
    for times in [1, 13, 2] {
        ring(&app, ACME.org, times).await;
    }

    tell(&app, vec![SCRIBE, events::activity::LISTENER]).await;

    assert_eq!(name(&app, ACME.org).await, "Acme", "nothing of its batch stands");
    let (status, error): (String, String) =
        sqlx::query_as("select status, last_error from job_queue where kind = 'events.tell'")
            .fetch_one(&app.owner)
            .await
            .unwrap();
    assert!(status == "waiting" && error.starts_with("scribe: hearing of the event "), "{error}");
    let counted = "select count from activity_daily where kind = 'bell.rang'";
    assert_eq!(app.stored::<i64>(counted).await, 3);
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn an_event_that_is_committed_late_is_not_passed_over() {
    let app = TestApp::new().await;
    let org: Uuid = ACME.org.parse().unwrap();
    let mut late = JobScope::new(app.app.db.clone(), org.into(), "a test").enter().await.unwrap();
    let now = app.app.clock.now();
    let insert = "insert into events (organization_id, occurred_at, id, kind, payload)
                  values ($1, $2, gen_random_uuid(), 'bell.rang', '{\"times\": 1}')";
    sqlx::query(insert).bind(org).bind(now).execute(late.conn()).await.unwrap();
    ring(&app, ACME.org, 2).await;

    tell(&app, vec![SCRIBE]).await;
    assert_eq!(name(&app, ACME.org).await, "Acme", "what came before the second is not known yet");
    late.commit().await.unwrap();
    ring(&app, ACME.org, 3).await;
    tell(&app, vec![SCRIBE]).await;

    assert_eq!(name(&app, ACME.org).await, "Acme 1 2 3");
}

#[tokio::test]
async fn an_event_that_happens_while_others_are_told_is_told_too() {
    let app = TestApp::new().await;
    ring(&app, ACME.org, 1).await;
    sqlx::query("update job_queue set status = 'running', holder = gen_random_uuid(), leased_until = now() + interval '1 min', dedupe_key = null where kind = 'events.tell'")
        .execute(&app.owner)
        .await
        .unwrap();

    ring(&app, ACME.org, 2).await;

    let waiting = "select count(*) from job_queue where kind = 'events.tell' and status = 'waiting'";
    assert_eq!(app.stored::<i64>(waiting).await, 1);
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}
