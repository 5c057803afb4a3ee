//! Who comes into a segment and who leaves it, as things happen.

use groundswell::{
    contacts::consent::{self, NewConsent},
    events,
    tenancy::JobScope,
};
use uuid::Uuid;

use crate::support::{Browser, TestApp, tenant::ACME};

const SEGMENTS: &str = "/w/acme/contacts/segments";

async fn make(mia: &mut Browser, name: &str, rule: &str) -> String {
    let reply = mia.post(SEGMENTS, &format!("name={name}&join.0=all&{rule}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").rsplit('/').next().unwrap().to_owned()
}

/// Who is in a list, by first name, after all that happened was told.
async fn members(app: &TestApp, list: &str) -> Vec<String> {
    app.told().await;
    let sql = "select c.first_name from contact_list_members m
                 join contacts c on c.organization_id = m.organization_id and c.id = m.contact_id
                where m.list_id = $1::uuid order by 1";
    sqlx::query_scalar(sql).bind(list).fetch_all(&app.owner).await.unwrap()
}

async fn add(mia: &mut Browser, name: &str, rest: &str) {
    let reply =
        mia.post("/w/acme/contacts", &format!("first_name={name}&email={name}@some.test&{rest}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[tokio::test]
async fn a_change_reaches_the_segments_that_mention_it_and_those_made_of_them() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let ulm = make(&mut mia, "Ulm", "about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm").await;
    let inside = format!(
        "about.0.0=list:&is.0.0=in&value.0.0.0={ulm}&about.0.1=field:lifecycle_stage&is.0.1=is&value.0.1.0=customer"
    );
    let customers = make(&mut mia, "Customers+in+Ulm", &inside).await;
    assert!(members(&app, &ulm).await.is_empty());

    add(&mut mia, "Ann", "city=Ulm&stage=customer").await;
    add(&mut mia, "Bo", "city=Ulm").await;
    assert_eq!(members(&app, &ulm).await, ["Ann", "Bo"]);
    assert_eq!(members(&app, &customers).await, ["Ann"]);

    let ann: String = app.stored("select id::text from contacts where first_name = 'Ann'").await;
    mia.post(
        &format!("/w/acme/contacts/{ann}"),
        "first_name=Ann&email=ann@some.test&city=Bonn&stage=customer",
    )
    .await;
    assert_eq!(members(&app, &ulm).await, ["Bo"]);
    assert!(members(&app, &customers).await.is_empty());
    let told: Vec<String> = sqlx::query_scalar(
        "select kind from events where contact_id = $1::uuid and kind like 'segment.%' order by tx, id",
    )
    .bind(&ann)
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert_eq!(told, ["segment.entered", "segment.entered", "segment.left", "segment.left"]);

    mia.post("/w/acme/contacts/several", "what=archive&scope=all&view=q%3Dbo").await;
    assert!(members(&app, &ulm).await.is_empty());
}

#[tokio::test]
async fn lists_consent_and_suppressions_count_as_soon_as_they_are_said() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let in_list =
        make(&mut mia, "Guests", &format!("about.0.0=list:&is.0.0=not_in&value.0.0.0={}", ACME.list)).await;
    let reachable = make(&mut mia, "Reachable", "about.0.0=consent:&is.0.0=reachable").await;
    add(&mut mia, "Ann", "").await;
    add(&mut mia, "Bo", "").await;
    assert_eq!(members(&app, &in_list).await, ["Ann", "Bo"]);
    assert_eq!(members(&app, &reachable).await, ["Ann", "Bo", "Zoe"]);

    let ann: String = app.stored("select id::text from contacts where first_name = 'Ann'").await;
    mia.post("/w/acme/contacts/several", &format!("what=list&list={}&contact={ann}", ACME.list)).await;
    assert_eq!(members(&app, &in_list).await, ["Bo"]);

    let suppressed = mia.post("/w/acme/settings/suppressions", "address=BO@some.test").await;
    assert_eq!(suppressed.status, 303, "{}", suppressed.text());
    assert_eq!(members(&app, &reachable).await, ["Ann", "Zoe"]);
    let hash: String = app
        .stored("select encode(address_hash, 'hex') from suppressions where address = 'bo@some.test'")
        .await;
    mia.post(&format!("/w/acme/settings/suppressions/{hash}/release"), "").await;
    assert_eq!(members(&app, &reachable).await, ["Ann", "Bo", "Zoe"]);

    let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
    let mut tx = scope.enter().await.unwrap();
    let no = NewConsent {
        contact: groundswell::contacts::ContactId(ann.parse().unwrap()),
        topic: None,
        state: "withdrawn",
        paused_until: None,
        source: "preferences",
        wording: "",
        address: "",
        by: None,
    };
    consent::record(&mut tx, no, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(members(&app, &reachable).await, ["Bo", "Zoe"]);
}

#[tokio::test]
async fn what_people_do_counts_and_what_machines_do_does_not() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let rule =
        "about.0.0=event:email.opened&is.0.0=did&value.0.0.0=2&value.0.0.1=30&value.0.0.2=&value.0.0.3=";
    let keen = make(&mut mia, "Keen", rule).await;
    let open = async |is_bot: bool| {
        let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
        let mut tx = scope.enter().await.unwrap();
        let opened = groundswell::campaigns::tracking::happened::EmailOpened {
            contact: ACME.contact.parse().unwrap(),
            broadcast: Uuid::nil(),
            proxy: String::new(),
            machine: String::new(),
        };
        let fact = events::Fact::of(&opened).unwrap().by_machine(is_bot);
        events::record_all(&mut tx, &[fact]).await.unwrap();
        tx.commit().await.unwrap();
    };
    open(false).await;
    open(true).await;
    assert!(members(&app, &keen).await.is_empty());
    open(false).await;
    assert_eq!(members(&app, &keen).await, ["Zoe"]);
}

#[tokio::test]
async fn a_rule_that_speaks_of_time_is_worked_out_each_hour() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "Ann", "").await;
    let new = make(&mut mia, "New", "about.0.0=field:created_at&is.0.0=in_last&value.0.0.0=7").await;
    assert_eq!(members(&app, &new).await, ["Ann"]);
    sqlx::query("update contacts set created_at = created_at - interval '30 days' where first_name = 'Ann'")
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query("update job_queue set run_at = now() where kind = 'segments.refresh'")
        .execute(&app.owner)
        .await
        .unwrap();
    assert!(members(&app, &new).await.is_empty());
    let waits: i64 = app
        .stored("select count(*) from job_queue where kind = 'segments.refresh' and status = 'waiting'")
        .await;
    assert_eq!(waits, 1, "the next hour");
}

#[tokio::test]
async fn a_rule_that_speaks_of_what_is_gone_keeps_its_people_and_says_so() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let guests =
        make(&mut mia, "Guests", &format!("about.0.0=list:&is.0.0=in&value.0.0.0={}", ACME.list)).await;
    assert_eq!(members(&app, &guests).await, ["Zoe"]);
    sqlx::query("update contact_lists set archived_at = now() where id = $1::uuid")
        .bind(ACME.list)
        .execute(&app.owner)
        .await
        .unwrap();
    let reply = mia.post(&format!("{SEGMENTS}/{guests}/refresh"), "").await;
    let page = mia.get(reply.header("location")).await.text();
    assert!(page.contains("A line of its rule does not hold any more: Choose a list"), "{page}");
    assert_eq!(members(&app, &guests).await, ["Zoe"]);
    assert!(mia.get(SEGMENTS).await.text().contains("Needs a look"));
}
