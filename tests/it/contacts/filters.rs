//! The list of contacts with a filter: a rule in its address.

use crate::support::{Browser, TestApp};

const CONTACTS: &str = "/w/acme/contacts";
const IN_ULM: &str = "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=ulm";

/// Three people in two towns, in the words of whoever looks.
async fn app() -> (TestApp, Browser) {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for form in [
        "email=ann@many.test&first_name=Ann&city=Ulm&stage=customer",
        "email=bo@many.test&first_name=Bo&city=Ulm",
        "email=cy@many.test&first_name=Cy&city=Bonn",
    ] {
        assert_eq!(mia.post(CONTACTS, form).await.status, 303);
    }
    (app, mia)
}

/// Who of them stands in the list.
async fn seen(mia: &mut Browser, query: &str) -> String {
    let page = mia.get(&format!("{CONTACTS}?{query}")).await;
    assert_eq!(page.status, 200);
    let page = page.text();
    let is_there = |name: &&str| page.contains(&format!("{name}@many.test"));
    ["ann", "bo", "cy"].into_iter().filter(is_there).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_list_holds_whoever_the_rule_in_its_address_says() {
    let (_app, mut mia) = app().await;
    let customers = "join.0.1=none&about.0.1.0=field:lifecycle_stage&is.0.1.0=is&value.0.1.0.0=customer";

    assert_eq!(seen(&mut mia, IN_ULM).await, "ann bo");
    assert_eq!(seen(&mut mia, &format!("{IN_ULM}&{customers}")).await, "bo");
    assert_eq!(seen(&mut mia, &format!("{IN_ULM}&q=ann@")).await, "ann");
    assert_eq!(seen(&mut mia, &format!("{IN_ULM}&status=archived")).await, "");
    let page = mia.get(&format!("{CONTACTS}?{IN_ULM}&{customers}")).await;
    let said = "People whose city is “ulm”, and not (whose stage is “Customer”).";
    assert!(page.text().contains(said), "{}", page.text());
    // Sorting, paging and saving keep it.
    assert!(page.body.contains("value.0.0.0=ulm&#38;join.0.1=none"), "{}", page.body);
}

#[tokio::test]
async fn a_line_that_is_not_complete_does_not_count_and_nothing_is_done_to_all_until_it_is() {
    let (app, mut mia) = app().await;
    let half = format!("{IN_ULM}&about.0.1=field:company&is.0.1=is");
    let nothing = "join.0=any&about.0.0=field:company&is.0.0=is";
    let nobody =
        "select count(*)::text from contacts where archived_at is not null and email like '%@many.test'";

    assert_eq!(seen(&mut mia, &half).await, "ann bo");
    assert_eq!(seen(&mut mia, nothing).await, "ann bo cy");
    let page = mia.get(&format!("{CONTACTS}?{half}")).await.text();
    assert!(page.contains("A line that is not complete does not count yet."), "{page}");

    let all = |view: &str| {
        let view: String = form_urlencoded::byte_serialize(view.as_bytes()).collect();
        format!("what=archive&scope=all&view={view}")
    };
    mia.post(&format!("{CONTACTS}/several"), &all(&half)).await;
    assert!(mia.get(CONTACTS).await.text().contains("Complete the filter first"), "it says nothing");
    assert_eq!(app.stored::<String>(nobody).await, "0");

    mia.post(&format!("{CONTACTS}/several"), &all(IN_ULM)).await;
    assert_eq!(app.stored::<String>(nobody).await, "2");
    assert_eq!(seen(&mut mia, "").await, "cy");
}

#[tokio::test]
async fn a_button_of_the_filter_is_pressed_once_however_often_the_page_is_loaded() {
    let (_app, mut mia) = app().await;

    let pressed = mia.get(&format!("{CONTACTS}?{IN_ULM}&do=line.0")).await;

    assert_eq!(pressed.status, 303);
    let at = pressed.header("location").to_owned();
    assert!(at.contains("about.0.1=") && !at.contains("do="), "{at}");
    let page = mia.get(&at).await;
    assert_eq!(page.field("value.0.0.0"), "ulm");
    assert!(page.body.contains("id=\"value.0.1.0\""), "{}", page.body);
    assert!(!mia.get(&format!("{CONTACTS}?do=drop.0.0")).await.header("location").contains("join"));
}

#[tokio::test]
async fn a_filter_becomes_a_segment_with_the_list_that_was_looked_at() {
    let (app, mut mia) = app().await;
    mia.post("/w/acme/contacts/lists", "name=Roofs").await;
    let list: String = app.stored("select id::text from contact_lists where name = 'Roofs'").await;

    let page = mia.get(&format!("{CONTACTS}?{IN_ULM}&list={list}")).await.body;

    let start = page.find("/contacts/segments/look?").expect("nothing leads to a segment");
    let address = page[start..].split('"').next().unwrap().replace("&#38;", "&");
    let form = mia.get(&format!("/w/acme{address}")).await;
    assert!(form.text().contains("who are in “Roofs”, and whose city is “ulm”"), "{}", form.text());
    let saved = mia.post("/w/acme/contacts/segments", &format!("name=Ulm&{IN_ULM}")).await;
    assert_eq!(saved.status, 303);
}
