//! The list, one person's page, lists, topics and suppressions.

use crate::support::{TestApp, tenant::ACME};

const CONTACTS: &str = "/w/acme/contacts";

async fn add(app: &mut crate::support::Browser, form: &str) {
    let reply = app.post(CONTACTS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[tokio::test]
async fn somebody_is_added_found_by_part_of_a_name_changed_and_archived() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "email=Ann@Customer.test&first_name=Ann&last_name=Żółć&company=50%25+off&city=Ulm").await;
    add(&mut mia, "email=bo@customer.test&first_name=Bo").await;

    for (search, is_found) in [
        ("%C5%BB%C3%B3%C5%82+ann", true),
        ("nn+ann", false),
        ("50%25", true),
        ("customer.te", true),
        ("5_%25", false),
    ] {
        let list = mia.get(&format!("{CONTACTS}?q={search}")).await.text();
        assert_eq!(list.contains("Ann Żółć"), is_found, "{search}: {list}");
    }
    let list = mia.get(&format!("{CONTACTS}?sort=name")).await.body;
    assert!(list.find("Ann Żółć") < list.find(">Bo<"), "{list}");

    let id: String = app.stored("select id::text from contacts where email = 'ann@customer.test'").await;
    let ann = format!("{CONTACTS}/{id}");
    assert_eq!(
        mia.post(&ann, "email=ann@customer.test&first_name=Ann&city=Bonn&stage=customer").await.status,
        303
    );
    let page = mia.get(&ann).await.text();
    for shown in
        ["Bonn", "Customer", "Changed: city, company, last name", "Stage: Lead → Customer", "Added by hand"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    mia.post(&format!("{ann}/archive"), "").await;
    assert!(!mia.get(&format!("{CONTACTS}?q=ann")).await.text().contains("ann@customer.test"));
    assert!(mia.get(&format!("{CONTACTS}?status=archived")).await.text().contains("ann@customer.test"));
    mia.post(&format!("{ann}/restore"), "").await;
    assert!(mia.get(&format!("{CONTACTS}?q=ann")).await.text().contains("ann@customer.test"));
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_what_was_typed_and_an_address_belongs_to_one() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let wrong = mia.post(CONTACTS, "email=nobody&city=Ulm").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("city")), (422, "Ulm".to_owned()));
    assert!(wrong.text().contains("does not look like an e-mail address"), "{}", wrong.text());

    let taken = mia.post(CONTACTS, "email=ZOE@acme-customer.test").await;
    assert_eq!(taken.status, 422);
    assert!(taken.text().contains("Another contact has this address already"), "{}", taken.text());
    // The same address in another organization is nobody's business here.
    let mut ian = app.sign_in("ian@initech.test").await;
    assert_eq!(ian.post("/w/initech/contacts", "email=zoe@acme-customer.test").await.status, 303);
}

#[tokio::test]
async fn several_people_go_into_a_list_at_once_and_the_list_shows_them_alone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "email=ann@customer.test&first_name=Ann").await;
    assert_eq!(mia.post("/w/acme/contacts/lists", "name=Guests").await.status, 303);
    assert_eq!(mia.post("/w/acme/contacts/lists", "name=GUESTS").await.status, 422);
    let body = mia.get(CONTACTS).await.body;
    let list = body.split("<option value=\"").find(|rest| rest.contains(">Guests<")).unwrap();
    let list = list.split('"').next().unwrap();
    let all = mia
        .hx_post("/w/acme/contacts/several", &format!("what=list&list={list}&scope=all&view=q%3Dann"))
        .await;
    assert!(all.text().contains("Added 1 person to “Guests”"), "{}", all.text());
    let shown = mia.get(&format!("{CONTACTS}?list={list}")).await.text();
    assert!(shown.contains("ann@customer.test") && !shown.contains("zoe@"), "{shown}");
}

#[tokio::test]
async fn a_suppressed_address_says_so_on_the_page_of_its_owner_and_its_owner_s_wish_is_not_released() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post("/w/acme/settings/suppressions", "address=ZOE@acme-customer.test").await;
    let zoe = mia.get(&format!("{CONTACTS}/{}", ACME.contact)).await.text();
    assert!(zoe.contains("Suppressed") && zoe.contains("somebody here put it on the list"), "{zoe}");
    sqlx::query("update suppressions set reason = 'complaint'").execute(&app.owner).await.unwrap();
    let page = mia.get("/w/acme/settings/suppressions").await;
    assert!(page.text().contains("called a mail spam") && !page.body.contains("/release"), "{}", page.text());
    let released = mia.post(&format!("/w/acme/settings/suppressions/{}/release", ACME.suppressed), "").await;
    assert_eq!(released.status, 404);
}

#[tokio::test]
async fn many_people_are_counted_once_in_a_while_and_anew_when_somebody_changed_several() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let more = "insert into contacts (organization_id, id, email, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), 'many' || n || '@x.test', now(), now() from generate_series($2, $3::int) n";
    let add = async |from: i32, to: i32| {
        sqlx::query(more).bind(ACME.org).bind(from).bind(to).execute(&app.owner).await.unwrap();
    };
    add(1, 1_000).await;
    assert!(mia.get(CONTACTS).await.text().contains("1,001 people"));
    add(1_001, 1_005).await;
    assert!(mia.get(CONTACTS).await.text().contains("1,001 people"), "a page costs no count");
    assert!(mia.get(&format!("{CONTACTS}?q=many100")).await.text().contains("7 people"), "few are counted");
    app.app.clock.advance(chrono::TimeDelta::seconds(15));
    assert!(mia.get(CONTACTS).await.text().contains("1,006 people"));

    let some: String = app.stored("select id::text from contacts where email = 'many7@x.test'").await;
    mia.post(&format!("{CONTACTS}/several"), &format!("what=archive&contact={some}")).await;
    assert!(mia.get(CONTACTS).await.text().contains("1,005 people"));
    // Another organization has its own.
    let mut ian = app.sign_in("ian@initech.test").await;
    assert!(ian.get("/w/initech/contacts").await.text().contains("1 person"));
}
