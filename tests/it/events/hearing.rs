//! Every event is heard, in its order, and what is made of it stands once.

use groundswell::{
    events::{self, Hear, Listener, Recorded},
    tenancy::{JobScope, OrgTx},
};
use uuid::Uuid;

use super::{BellRang, ring, tell, tell_all};
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

/// Writes what it hears behind the organization's name.
const SCRIBE: Listener =
    Listener { name: "scribe", hear: Hear::Each(|tx, _, event| Box::pin(write(tx, event))) };

async fn write(tx: &mut OrgTx, event: &Recorded) -> anyhow::Result<()> {
    let Some(rang) = event.read::<BellRang>()? else { return Ok(()) };
    let sql = "update organizations set name = name || ' ' || $2 where id = $1";
    sqlx::query(sql).bind(tx.org()).bind(rang.times.to_string()).execute(tx.conn()).await?;
    // Once, so that a test may see what comes of it.
    anyhow::ensure!(rang.times != 13, "thirteen is unlucky");
    Ok(())
}

/// Counts along, and refuses a number that is not the next.
const COUNTER: Listener =
    Listener { name: "counter", hear: Hear::Each(|tx, _, event| Box::pin(count(tx, event))) };

async fn count(tx: &mut OrgTx, event: &Recorded) -> anyhow::Result<()> {
    let Some(rang) = event.read::<BellRang>()? else { return Ok(()) };
    let sql = "update organizations set name = 'Rang ' || $2
                where id = $1 and ($2 = 1 and name not like 'Rang %' or name = 'Rang ' || ($2 - 1))";
    let done = sqlx::query(sql).bind(tx.org()).bind(i64::from(rang.times)).execute(tx.conn()).await?;
    anyhow::ensure!(done.rows_affected() == 1, "{} is not the next", rang.times);
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
    ring(&app, INITECH.org, 1).await;
    let orders: i64 = app.stored("select count(*) from job_queue where kind = 'events.tell'").await;
    assert_eq!(orders, 2, "what waits to be told is told at once");

    tell_all(&app, COUNTER).await;
    tell_all(&app, COUNTER).await;

    assert_eq!(
        (name(&app, ACME.org).await, name(&app, INITECH.org).await),
        ("Rang 250".into(), "Rang 1".into())
    );
    assert_eq!(app.stored::<i64>("select count(*) from job_queue where status = 'failed'").await, 0);
}

#[tokio::test]
async fn what_a_listener_that_fails_has_made_of_an_event_is_undone_and_the_others_hear_all() {
    let app = TestApp::new().await;
    for times in [1, 13, 2] {
        ring(&app, ACME.org, times).await;
    }

    let all = "select max(tx) < min((pg_snapshot_xmin(pg_current_snapshot())::text)::bigint) from events";
    while !app.stored::<bool>(all).await {
        tokio::task::yield_now().await;
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
    let orders = "select count(*) from job_queue where kind = 'events.tell' and status = 'waiting'";
    assert_eq!(app.stored::<i64>(orders).await, 1, "it will be told by itself");
    late.commit().await.unwrap();
    tell_all(&app, SCRIBE).await;

    assert_eq!(name(&app, ACME.org).await, "Acme 1 2");
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
