//! Points: who gets them, when they go again, and what the ledger says of each.

use chrono::{DateTime, TimeDelta, Utc};
use groundswell::{events, tenancy::JobScope};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::{
    foreign_ids::{OLGA, Try, post},
    support::{
        Browser, TestApp,
        cluster::{Role, endpoint},
        tenant::{ACME, INITECH},
    },
};

const SCORING: &str = "/w/acme/settings/scoring";

async fn give(mia: &mut Browser, what: &str, rule: &str) {
    let reply = mia.post(SCORING, &format!("{what}&join.0=all&{rule}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

async fn add(mia: &mut Browser, name: &str, rest: &str) -> String {
    let reply =
        mia.post("/w/acme/contacts", &format!("first_name={name}&email={name}@some.test&{rest}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

/// Both scores as the page beside a contact's says them.
async fn scores(app: &TestApp, mia: &mut Browser, contact: &str) -> (i64, i64) {
    app.told().await;
    let body = mia.get(&format!("{contact}/scores")).await.body;
    let figure = |label: &str| {
        let part =
            body.split(&format!("<dt>{label}</dt>")).nth(1).unwrap_or_else(|| panic!("{label}: {body}"));
        part.split("<strong>").nth(1).unwrap().split('<').next().unwrap().parse().unwrap()
    };
    (figure("Lead score"), figure("Engagement score"))
}

/// Nobody has another score than the ledger says.
async fn the_ledger_agrees(app: &TestApp) {
    let differs: i64 = app
        .stored(
            "select count(*) from contacts c
              cross join lateral (
                    select least(100, greatest(0, coalesce(sum(e.points) filter (where r.score = 'lead'), 0))) lead,
                           least(100, greatest(0, coalesce(sum(e.points) filter (where r.score <> 'lead'), 0))) rest
                      from score_entries e
                      join score_rules r on r.organization_id = e.organization_id and r.id = e.rule_id
                     where e.organization_id = c.organization_id and e.contact_id = c.id) s
              where (c.lead_score, c.engagement_score) is distinct from (s.lead, s.rest)",
        )
        .await;
    assert_eq!(differs, 0, "people whose score is not the sum of the ledger");
}

async fn opened(app: &TestApp, is_bot: bool) {
    let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
    let mut tx = scope.enter().await.unwrap();
    let event = groundswell::campaigns::tracking::happened::EmailOpened {
        contact: ACME.contact.parse().unwrap(),
        broadcast: Uuid::nil(),
        proxy: String::new(),
        machine: String::new(),
    };
    let fact = events::Fact::of(&event).unwrap().by_machine(is_bot);
    events::record_all(&mut tx, &[fact]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn points_come_and_go_with_what_is_known_and_the_ledger_says_why() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    give(&mut mia, "score=lead&points=30", "about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm").await;
    give(&mut mia, "score=lead&points=-5", "about.0.0=field:phone&is.0.0=unknown").await;
    let ann = add(&mut mia, "Ann", "city=Ulm").await;
    assert_eq!(scores(&app, &mut mia, &ann).await, (25, 0));

    mia.post(&ann, "first_name=Ann&email=ann@some.test&city=Bonn").await;
    // Never below nothing.
    assert_eq!(scores(&app, &mut mia, &ann).await, (0, 0));
    let said = mia.get(&format!("{ann}/scores")).await.text();
    for line in ["+30", "−30", "−5", "whose city is “Ulm”", "it holds no more"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    the_ledger_agrees(&app).await;
}

#[tokio::test]
async fn points_beyond_a_hundred_are_a_hundred_and_the_rest_is_kept_for_when_some_go() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    give(&mut mia, "score=lead&points=80", "about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm").await;
    give(&mut mia, "score=lead&points=70", "about.0.0=field:phone&is.0.0=known").await;
    give(&mut mia, "score=engagement&points=100", "about.0.0=field:phone&is.0.0=known").await;
    let ann = add(&mut mia, "Ann", "city=Ulm&phone=1234567").await;
    assert_eq!(scores(&app, &mut mia, &ann).await, (100, 100));
    mia.post(&ann, "first_name=Ann&email=ann@some.test&city=Ulm").await;
    assert_eq!(scores(&app, &mut mia, &ann).await, (80, 0));
    // Again and again the same changes nothing: a rule gives its points once.
    for city in ["Ulm", "ULM", "Ulm"] {
        mia.post(&ann, &format!("first_name=Ann&email=ann@some.test&city={city}&job_title={city}")).await;
    }
    assert_eq!(scores(&app, &mut mia, &ann).await, (80, 0));
    let lines = "select count(*) from score_entries e join contacts c on c.id = e.contact_id where c.first_name = 'Ann'";
    assert_eq!(app.stored::<i64>(lines).await, 5, "80, 70 and 100 came, 70 and 100 went");
    the_ledger_agrees(&app).await;
}

#[tokio::test]
async fn what_machines_do_is_worth_nothing_and_what_was_long_ago_fades() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let read =
        "about.0.0=event:email.opened&is.0.0=did&value.0.0.0=1&value.0.0.1=30&value.0.0.2=&value.0.0.3=";
    give(&mut mia, "score=engagement&points=20", read).await;
    let zoe = format!("/w/acme/contacts/{}", ACME.contact);
    opened(&app, true).await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (10, 0));
    opened(&app, false).await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (10, 20));

    // The log goes by the database's clock.
    let then: DateTime<Utc> =
        app.stored("select max(occurred_at) from events where kind = 'email.opened'").await;
    app.app.clock.advance(then - app.app.clock.now() + TimeDelta::days(31));
    sqlx::query("update job_queue set run_at = now() where kind = 'scores.rescore'")
        .execute(&app.owner)
        .await
        .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (10, 0));
    the_ledger_agrees(&app).await;
}

#[tokio::test]
async fn who_is_being_changed_holds_up_the_points_of_those_beside_them_only() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    sqlx::query(
        "insert into contacts (organization_id, id, first_name, city, created_at, updated_at)
         select $1::uuid, ('018f0000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Many', 'Ulm', now(), now()
           from generate_series(1, 5001) n",
    )
    .bind(ACME.org)
    .execute(&app.owner)
    .await
    .unwrap();
    let scored = "select count(*) from contacts where first_name = 'Many' and lead_score = 30";
    give(&mut mia, "score=lead&points=30", "about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm").await;
    let mut busy = PgConnection::connect_with(&endpoint(&app.database, Role::Owner).0).await.unwrap();
    let mut busy = busy.begin().await.unwrap();
    sqlx::query("select from contacts where id = '018f0000-0000-7000-8000-000000005001' for update")
        .execute(&mut *busy)
        .await
        .unwrap();

    app.work().await;
    assert_eq!(app.stored::<i64>(scored).await, 5000);

    busy.rollback().await.unwrap();
    app.skip_pauses().await;
    app.work().await;
    assert_eq!(app.stored::<i64>(scored).await, 5001);
    assert_eq!(app.stored::<i64>("select count(*) from score_entries where points = 30").await, 5001);
    the_ledger_agrees(&app).await;
}

#[tokio::test]
async fn a_rule_taken_away_takes_its_points_along_and_brings_them_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let zoe = format!("/w/acme/contacts/{}", ACME.contact);
    let rule = format!("{SCORING}/{}", ACME.score_rule);
    mia.post(&format!("{rule}/remove"), "").await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (0, 0));
    assert_eq!(mia.get(&rule).await.status, 404);
    mia.post(&format!("{rule}/restore"), "").await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (10, 0));

    // Another takes its place: the old points go, the new ones come.
    let roadrunner = "join.0=all&about.0.0=field:company&is.0.0=is&value.0.0.0=Roadrunner";
    mia.post(&rule, &format!("score=lead&points=40&{roadrunner}")).await;
    assert_eq!(scores(&app, &mut mia, &zoe).await, (40, 0));
    the_ledger_agrees(&app).await;
}

#[tokio::test]
async fn a_segment_goes_by_scores_and_follows_them() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let warm = "name=Warm&join.0=all&about.0.0=field:lead_score&is.0.0=at_least&value.0.0.0=30";
    assert_eq!(mia.post("/w/acme/contacts/segments", warm).await.status, 303);
    let members = "select count(*) from contact_list_members m join contact_lists l on l.id = m.list_id where l.name = 'Warm'";
    assert_eq!(app.stored::<i64>(members).await, 0);
    give(&mut mia, "score=lead&points=30", "about.0.0=field:company&is.0.0=known").await;
    app.told().await;
    assert_eq!(app.stored::<i64>(members).await, 1);

    // What would go round for ever is not offered, nor taken.
    let round = format!("{SCORING}/new");
    let offered = mia.get(&round).await.body;
    assert!(!offered.contains("field:lead_score"), "{offered}");
    let refused = mia
        .post(
            SCORING,
            "score=lead&points=3&join.0=all&about.0.0=field:lead_score&is.0.0=at_least&value.0.0.0=1",
        )
        .await;
    assert_eq!(refused.status, 422);
    let segment =
        format!("score=lead&points=3&join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0={}", ACME.segment);
    assert_eq!(mia.post(SCORING, &segment).await.status, 422);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let refused = mia.post(SCORING, "score=lead&points=many&join.0=all&about.0.0=field:city&is.0.0=is").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("whole number from -100 to 100"), "{}", refused.text());
    assert!(refused.body.contains("value=\"many\""), "{}", refused.body);
    let empty = mia.post(SCORING, "score=lead&points=5&join.0=all&about.0.0=field:city&is.0.0=is").await;
    assert_eq!(empty.status, 422, "a line without a value");
    assert_eq!(
        app.stored::<i64>("select count(*) from score_rules where organization_id::text like '%a'").await,
        1
    );
}

#[tokio::test]
async fn two_who_begin_with_the_usual_rules_at_once_get_them_once() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut ada, mut abe) =
        (app.sign_in("ada@brightside.test").await, app.sign_in("ada@brightside.test").await);
    let usual = "/w/brightside/settings/scoring/usual";
    let (first, second) = tokio::join!(ada.post(usual, ""), abe.post(usual, ""));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    let page = ada.get("/w/brightside/settings/scoring").await.text();
    assert_eq!(page.matches("whose company is known").count(), 2, "the line and its button: {page}");
}

const RULE: &str = "contacts/scoring/form.rs ScoreForm.rule";

pub(crate) const TRIES: &[Try] = &[
    post(
        RULE,
        (OLGA, SCORING, "score=lead&points=5&join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0=ID"),
        (ACME.list, INITECH.list),
    ),
    post(
        RULE,
        (OLGA, SCORING, "score=lead&points=5&join.0=all&about.0.0=tag:&is.0.0=has&value.0.0.0=ID"),
        (ACME.tag, INITECH.tag),
    ),
];
