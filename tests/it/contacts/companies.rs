//! Companies: added by hand, suggested by an address, said of somebody on their page, deleted without their people.

use crate::support::{Browser, TestApp, tenant::ACME};

const COMPANIES: &str = "/w/acme/companies";
const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

async fn add(browser: &mut Browser, form: &str) -> String {
    let reply = browser.post(COMPANIES, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

#[tokio::test]
async fn a_company_is_suggested_by_an_address_and_made_by_hand_alone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(ZOE).await;
    assert!(page.text().contains("New company acme-customer.test"), "{}", page.text());
    let form = mia.get(&format!("{COMPANIES}/new?domain=acme-customer.test&contact={}", ACME.contact)).await;
    assert_eq!(
        (form.field("domain"), form.field("contact")),
        ("acme-customer.test".into(), ACME.contact.into())
    );
    let made = add(
        &mut mia,
        &format!("name=Customers+Ltd&domain=https://www.Acme-Customer.test/&contact={}", ACME.contact),
    )
    .await;
    let page = mia.get(&made).await.text();
    for shown in ["Customers Ltd", "acme-customer.test", "Zoe of Acme"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let zoe = mia.get(ZOE).await.text();
    assert!(zoe.contains("Company: none → Customers Ltd") && !zoe.contains("New company"), "{zoe}");
    assert!(mia.hx_get(&format!("{made}/deals")).await.text().contains("1 deal Twelve rockets"));
    assert!(mia.get(&format!("{made}/deals")).await.text().contains("Deals of Customers Ltd"));

    let theirs = "email=ann@acme-customer.test&first_name=Ann";
    let ann = mia.post("/w/acme/contacts", theirs).await.header("location").to_owned();
    assert!(mia.get(&ann).await.text().contains("Their address is one of Customers Ltd."));
    let free = mia.post("/w/acme/contacts", "email=bo@gmail.com").await.header("location").to_owned();
    assert!(!mia.get(&free).await.text().contains("New company"), "anybody has an address there");
    for (form, told) in [
        ("name=Again&domain=ACME-customer.test", "Customers Ltd has this domain already."),
        ("name=&domain=gmail.com", "it tells of no company"),
    ] {
        let wrong = mia.post(COMPANIES, form).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
}

#[tokio::test]
async fn somebody_works_for_one_company_at_a_time_and_stays_when_it_is_deleted() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let first = add(&mut mia, "name=Twin&domain=one.test").await;
    add(&mut mia, "name=TWIN&domain=two.test").await;
    for (typed, told) in [("nobody", "Add it first"), ("twin", "Type the domain of the one you mean")] {
        let wrong = mia.post(&format!("{ZOE}/company"), &format!("company={typed}")).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(told) && wrong.field("company") == typed, "{}", wrong.text());
    }
    assert_eq!(mia.post(&format!("{ZOE}/company"), "company=one.test").await.status, 303);
    assert!(mia.get(&first).await.text().contains("Zoe of Acme"));
    assert_eq!(mia.post(&first, "name=Single&domain=one.test&city=Ulm").await.status, 303);
    let list = mia.get(&format!("{COMPANIES}?q=SING")).await.text();
    assert!(list.contains("Single one.test Ulm 1") && !list.contains("TWIN"), "{list}");

    assert_eq!(mia.post(&format!("{first}/delete"), "").await.status, 303);
    assert_eq!(mia.get(&first).await.status, 404);
    let zoe = mia.get(ZOE).await.text();
    assert!(zoe.contains("Works for no company") && zoe.contains("Company: none → Twin"), "{zoe}");
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.get(COMPANIES).await.status, 403);
    assert_eq!(vic.post(COMPANIES, "name=x").await.status, 403);
}

#[tokio::test]
async fn pages_of_companies_follow_each_other_without_gaps() {
    let app = TestApp::new().await;
    sqlx::query(
        "insert into companies (organization_id, id, name, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), 'Same ' || n % 3, now(), now() from generate_series(1, 110) n",
    )
    .bind(ACME.org)
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let (mut seen, mut address) = (Vec::new(), COMPANIES.to_owned());
    loop {
        let body = mia.get(&address).await.body;
        seen.extend(body.split("id=\"company-").skip(1).map(|rest| rest[..36].to_owned()));
        let Some(next) = body.split("rel=\"next\" href=\"").nth(1) else { break };
        address = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (111, 111));
}
