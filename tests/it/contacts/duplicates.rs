//! Contacts who may be one person: found with reasons, decided about by people.

use super::imports::import;
use crate::support::{Browser, TestApp, tenant::INITECH};

const CONTACTS: &str = "/w/acme/contacts";
const DUPLICATES: &str = "/w/acme/contacts/duplicates";

async fn add(browser: &mut Browser, form: &str) {
    let reply = browser.post(CONTACTS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

async fn look(app: &TestApp, browser: &mut Browser) {
    assert_eq!(browser.post(&format!("{DUPLICATES}/look"), "").await.status, 303);
    assert!(browser.get(DUPLICATES).await.text().contains("Looking at everybody"));
    app.work().await;
}

/// The line about a pair on the page.
async fn line(browser: &mut Browser, name: &str) -> String {
    let page = browser.get(DUPLICATES).await.text();
    let parts: Vec<&str> = page.split(" of 100 ").skip(1).filter(|part| part.contains(name)).collect();
    parts.first().map_or_else(String::new, |part| (*part).to_owned())
}

#[tokio::test]
async fn pairs_are_found_for_reasons_that_are_told() {
    let app = TestApp::new().await.leaves_jobs();
    sqlx::query("update organizations set time_zone = 'Europe/Berlin'").execute(&app.owner).await.unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(DUPLICATES).await.text();
    assert!(page.contains("No duplicates"), "who was merged is in no pair: {page}");
    for form in [
        "email=g.reta%2Bx@gmail.com&first_name=Greta&last_name=One",
        "email=greta@googlemail.com&first_name=Greta&last_name=Two",
        "email=ken1@x.test&first_name=Ken&last_name=Sato&company=Sato+Ltd.",
        "email=ken2@x.test&first_name=Sato&last_name=Ken&company=SATO+LTD",
        "email=lu1@x.test&first_name=Lu&last_name=Wu&postal_code=890+73",
        "email=lu2@x.test&first_name=LU&last_name=wu&postal_code=89073&street=Weg+1",
        "email=al1@x.test&first_name=Al&last_name=One&phone=030+901820",
        // A namesake of nobody's company and place is no duplicate.
        "email=al3@x.test&first_name=Ken&last_name=Sato",
    ] {
        add(&mut mia, form).await;
    }
    // The same number, written otherwise, of somebody who came with a file; and one who is archived.
    let decided = "column.0=email&column.1=first_name&column.2=phone&has_header=on&mode=add&consent=unknown";
    import(
        &app,
        &mut mia,
        b"email,name,phone\nal2@x.test,Albert,+49 30 90 18 20\nal9@x.test,Gone,030 901820\n",
        decided,
    )
    .await;
    sqlx::query("update contacts set archived_at = now() where email = 'al9@x.test'")
        .execute(&app.owner)
        .await
        .unwrap();

    look(&app, &mut mia).await;

    for (name, why) in [
        ("Greta One", "The same e-mail address but for dots or a tag"),
        ("Ken Sato", "The same name and company"),
        ("Lu Wu", "The same name and address"),
        ("Al One", "The same phone number"),
    ] {
        let line = line(&mut mia, name).await;
        assert!(line.contains(why), "{name}: {line}");
    }
    let page = mia.get(DUPLICATES).await.text();
    assert!(page.contains("Albert") && !page.contains("Gone") && !page.contains("al3@x.test"), "{page}");
    assert_eq!(app.stored::<i64>("select count(*) from duplicate_candidates where seen_at > '2026-06-01' and organization_id::text like '%a'").await, 4);
    assert!(mia.get(CONTACTS).await.text().contains("4 duplicates to review"));
    let greta: String =
        app.stored("select id::text from contacts where email = 'greta@googlemail.com'").await;
    let page = mia.get(&format!("{CONTACTS}/{greta}")).await.text();
    assert!(page.contains("Might be the same as Greta One"), "{page}");
    // Nobody of another organization sees any of it.
    let mut ian = app.sign_in("ian@initech.test").await;
    assert!(!ian.get("/w/initech/contacts/duplicates").await.text().contains("Greta"));
}

#[tokio::test]
async fn who_are_two_are_not_shown_together_again_and_that_can_be_taken_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "email=ken1@x.test&first_name=Ken&last_name=Sato&company=Sato").await;
    add(&mut mia, "email=ken2@x.test&first_name=Ken&last_name=Sato&company=Sato").await;
    look(&app, &mut mia).await;
    let page = mia.get(DUPLICATES).await.body;
    let dismiss = page.split("action=\"").find(|part| part.contains("/dismiss\"")).unwrap();
    let dismiss = dismiss.split('"').next().unwrap().to_owned();
    assert_eq!(mia.post(&dismiss, "").await.status, 303);
    let page = mia.get(DUPLICATES).await;
    assert!(page.text().contains("are two people") && page.text().contains("Undo"), "{}", page.text());
    look(&app, &mut mia).await;
    assert_eq!(line(&mut mia, "Ken Sato").await, "");
    assert!(!mia.get(CONTACTS).await.text().contains("to review"));
    assert_eq!(mia.post(&dismiss.replace("/dismiss", "/restore"), "").await.status, 303);
    assert!(line(&mut mia, "Ken Sato").await.contains("Review"));

    let mut vic = app.sign_in("vic@acme.test").await;
    assert!(!vic.get(DUPLICATES).await.text().contains("Not the same person"));
    assert_eq!(vic.post(&dismiss, "").await.status, 403);
    let theirs = format!("{DUPLICATES}/{}/{}/dismiss", INITECH.contact, INITECH.other_contact);
    assert_eq!(mia.post(&theirs, "").await.status, 404);
}

#[tokio::test]
async fn what_too_many_share_is_no_reason_and_the_page_says_so() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let crowd = "insert into contacts (organization_id, id, email, customer_code, created_at, updated_at)
                 select '00000000-0000-7000-8000-00000000000a', gen_random_uuid(), 'many' || n || '@x.test', 'GUEST', now(), now()
                   from generate_series(1, 21) n";
    sqlx::query(crowd).execute(&app.owner).await.unwrap();
    look(&app, &mut mia).await;
    let page = mia.get(DUPLICATES).await.text();
    assert!(page.contains("The same customer number: 21 people, guest"), "{page}");
    assert!(!page.contains("many1@x.test"), "{page}");
}
