//! Rules over very many people: about so many at once, the exact number behind it, members in the background, and a
//! limit to what a count may take.

use std::time::Duration;

use groundswell::{tenancy::JobScope, web::turns};
use uuid::Uuid;

use crate::support::{Browser, TestApp, tenant::ACME};

const SEGMENTS: &str = "/w/acme/contacts/segments";
const ULM: &str = "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=ulm";

/// Acme with 60,000 people more, every fourth of whom is in Ulm.
async fn city() -> (TestApp, Browser) {
    let app = TestApp::new().await.leaves_jobs();
    sqlx::query(
        "insert into contacts (organization_id, id, first_name, city, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), 'P' || n, case when n % 4 = 0 then 'Ulm' else 'Bonn' end, now(), now()
           from generate_series(1, 60000) n",
    )
    .bind(ACME.org)
    .execute(&app.owner)
    .await
    .unwrap();
    sqlx::query("analyze contacts").execute(&app.owner).await.unwrap();
    let mia = app.sign_in("mia@acme.test").await;
    (app, mia)
}

fn held(body: &str) -> &str {
    let behind = body.split("id=\"held\" aria-live=\"polite\">").nth(1).unwrap_or_default();
    behind.split('<').next().unwrap_or_default()
}

#[tokio::test]
async fn of_very_many_people_some_are_asked_at_once_and_everybody_behind_it() {
    let (app, mut mia) = city().await;
    let looked = mia.hx_get(&format!("{SEGMENTS}/look?{ULM}")).await;
    let about: f64 =
        held(&looked.body).strip_prefix("about ").unwrap_or_default().replace(',', "").parse().unwrap();
    assert!((13_000.0..17_000.0).contains(&about), "{about}");
    assert!(looked.body.contains("/contacts/segments/count"), "asks for the exact number: {}", looked.body);
    let counted = mia.hx_get(&format!("{SEGMENTS}/count?{ULM}")).await;
    assert_eq!(held(&counted.body), "15,000", "{}", counted.text());

    let org: Uuid = ACME.org.parse().unwrap();
    let turn = async |org| turns::take(&app.app, org, Duration::ZERO).await;
    let both = [turn(org).await.unwrap(), turn(org).await.unwrap()];
    let waits = mia.hx_get(&format!("{SEGMENTS}/count?{ULM}")).await;
    assert_eq!((waits.status.as_u16(), waits.header("retry-after")), (429, "3"));
    assert!(
        waits.text().contains("waits its turn") && waits.body.contains("load delay:3s"),
        "{}",
        waits.body
    );
    assert!(turn(Uuid::nil()).await.is_some(), "another workspace has turns of its own");
    drop(both);
    assert_eq!(mia.hx_get(&format!("{SEGMENTS}/count?{ULM}")).await.status, 200);

    let saved = mia.post(SEGMENTS, &format!("{ULM}&name=In+Ulm")).await;
    let at = saved.header("location").to_owned();
    assert!(mia.get(&at).await.text().contains("being worked out in the background"));
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(page.contains("15,000") && !page.contains("being worked out"), "{page}");
    let anew = mia.post(&format!("{at}/refresh"), "").await;
    assert_eq!(anew.status, 303);
    assert!(mia.get(&at).await.text().contains("is being worked out in the background"));
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_the_rest_of_the_work_goes_on() {
    let app = TestApp::new().await;
    let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
    let mut tx = scope.enter().await.unwrap();
    tx.within(Duration::from_millis(20)).await.unwrap();
    let slept = sqlx::query("select pg_sleep(10)").execute(tx.conn()).await;
    assert!(tx.in_time(slept).await.unwrap().is_none());
    let limit = "select current_setting('statement_timeout')";
    let usual: String = sqlx::query_scalar(limit).fetch_one(tx.conn()).await.unwrap();
    tx.within(Duration::from_secs(5)).await.unwrap();
    let found: sqlx::Result<String> = sqlx::query_scalar(limit).fetch_one(tx.conn()).await;
    assert_eq!(tx.in_time(found).await.unwrap().as_deref(), Some("5s"));
    let after: String = sqlx::query_scalar(limit).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(after, usual);
    let mut patient = scope.enter_patiently(Duration::from_secs(90)).await.unwrap();
    let long: String = sqlx::query_scalar(limit).fetch_one(patient.conn()).await.unwrap();
    assert_eq!(long, "90s", "work over everybody may take longer than a page");
    let wrong = sqlx::query("select 1 / 0").execute(tx.conn()).await;
    assert!(tx.in_time(wrong).await.is_err(), "what is wrong is said");
}
