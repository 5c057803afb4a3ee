//! By what somebody is known: several addresses and numbers, one of each kind used, none of two people; and where
//! post reaches them.

use super::imports::import;
use crate::support::{Browser, TestApp, tenant::ACME};

const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

async fn add(browser: &mut Browser, kind: &str, value: &str) {
    let reply = browser.post(&format!("{ZOE}/identities"), &format!("kind={kind}&value={value}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[tokio::test]
async fn the_one_that_is_used_is_what_the_contact_names() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "email", "Zoe@Second.test").await;
    add(&mut mia, "phone", "%2B49+(30)+901820").await;
    add(&mut mia, "telegram", "@Zoe_of_Acme").await;
    let named = "select concat_ws('|', email, phone) from contacts where id::text like '%8a1'";
    assert_eq!(app.stored::<String>(named).await, "zoe@acme-customer.test|+4930901820");
    let second: String =
        app.stored("select id::text from contact_identities where value = 'zoe@second.test'").await;
    assert_eq!(mia.post(&format!("{ZOE}/identities/{second}/primary"), "").await.status, 303);
    assert_eq!(app.stored::<String>(named).await, "zoe@second.test|+4930901820");
    let page = mia.get(ZOE).await.text();
    for shown in ["Changed: email", "WhatsApp", "@Zoe_of_Acme", "E-mail zoe@second.test Used"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(mia.post(&format!("{ZOE}/identities/{second}/remove"), "").await.status, 303);
    assert_eq!(app.stored::<String>(named).await, "zoe@acme-customer.test|+4930901820");

    for (form, told) in [
        ("kind=phone&value=030+901820", "Begin with the country"),
        ("kind=email&value=nobody", "does not look like an e-mail address"),
        ("kind=king&value=x", "Choose what it is"),
    ] {
        let wrong = mia.post(&format!("{ZOE}/identities"), form).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.post(&format!("{ZOE}/identities"), "kind=phone&value=1").await.status, 403);
}

#[tokio::test]
async fn what_is_somebody_s_already_says_whose_and_leads_there() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    sqlx::query("update organizations set time_zone = 'Europe/Berlin'").execute(&app.owner).await.unwrap();
    add(&mut mia, "phone", "030+901820").await;
    let wrong = mia.post("/w/acme/contacts", "first_name=Ann&phone=%2B49+30+90+18+20").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Zoe of Acme has this already."), "{}", wrong.text());
    assert!(wrong.body.contains(&format!("href=\"{ZOE}\"")), "{}", wrong.body);
    // An address that is not the one that is used is taken too.
    add(&mut mia, "email", "zoe@second.test").await;
    assert_eq!(mia.post("/w/acme/contacts", "email=zoe@second.test").await.status, 422);
    let ann =
        mia.post("/w/acme/contacts", "first_name=Ann&phone=030+901821").await.header("location").to_owned();
    let wrong = mia.post(&format!("{ann}/identities"), "kind=phone&value=0049+30+901820").await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("Zoe of Acme is known by it already. Open Zoe of Acme"),
        "{}",
        wrong.text()
    );
    // Another organization has its own.
    let mut ian = app.sign_in("ian@initech.test").await;
    assert_eq!(ian.post("/w/initech/contacts", "first_name=Ann&phone=%2B4930901820").await.status, 303);
}

#[tokio::test]
async fn forms_and_files_take_identities_with_them_and_so_does_an_undo() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let known = "select coalesce(string_agg(i.kind || ' ' || i.value, ', ' order by i.kind), '') from contact_identities i
                  where i.contact_id::text like '%8a1'";
    let form = "email=zoe@new.test&first_name=Zoe&phone=%2B4930901820&customer_code=K-7";
    assert_eq!(mia.post(ZOE, form).await.status, 303);
    assert_eq!(app.stored::<String>(known).await, "customer_code K-7, email zoe@new.test, phone +4930901820");
    let decided = "column.0=email&column.1=customer_code&has_header=on&mode=overwrite&consent=unknown";
    let at = import(&app, &mut mia, b"email,code\nzoe@new.test,K-8\nann@x.test,K-9\n", decided).await;
    assert_eq!(app.stored::<String>(known).await, "customer_code K-8, email zoe@new.test, phone +4930901820");
    let nines = "select count(*) from contact_identities where value in ('K-9', 'ann@x.test')";
    assert_eq!(app.stored::<i64>(nines).await, 2);
    assert_eq!(mia.post(&format!("{at}/undo"), "").await.status, 303);
    app.work().await;
    assert_eq!(app.stored::<String>(known).await, "customer_code K-7, email zoe@new.test, phone +4930901820");
    assert_eq!(app.stored::<i64>(nines).await, 0);
}

#[tokio::test]
async fn post_reaches_somebody_in_several_places_one_of_them_the_usual_one() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let addresses = format!("{ZOE}/addresses");
    let wrong = mia.post(&addresses, "kind=moon&lines=++&city=Ulm").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("city")), (422, "Ulm".to_owned()));
    assert!(wrong.text().contains("what the address is for") && wrong.text().contains("Type the street"));
    for form in [
        "kind=home&lines=Weg+1%0D%0AHinterhaus&postcode=89073&city=Ulm&primary=on",
        "kind=work&lines=Gasse+2&primary=on",
    ] {
        assert_eq!(mia.post(&addresses, form).await.status, 303);
    }
    let page = mia.get(ZOE).await.text();
    assert!(
        page.contains("Work Usual Gasse 2") && page.contains("Home Weg 1 Hinterhaus 89073 Ulm"),
        "{page}"
    );
    let work: String = app.stored("select id::text from postal_addresses where kind = 'work'").await;
    assert_eq!(mia.get(&format!("{addresses}/{work}")).await.field("city"), "");
    assert_eq!(mia.post(&format!("{addresses}/{work}"), "kind=billing&lines=Gasse+3").await.status, 303);
    assert!(mia.get(ZOE).await.text().contains("Billing Gasse 3"));
    assert_eq!(mia.post(&format!("{addresses}/{work}/remove"), "").await.status, 303);
    assert_eq!(mia.get(&format!("{addresses}/{work}")).await.status, 404);
    assert_eq!(mia.get(&format!("{addresses}/{}", ACME.contact)).await.status, 404);
}
