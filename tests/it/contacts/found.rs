//! The palette: people, companies and deals by any part of a name, an address, a number.

use crate::support::{Browser, TestApp};

/// Whom, which companies and which deals the palette offers for these words, best first.
async fn offered(browser: &mut Browser, words: &str) -> Vec<String> {
    let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let body = browser.hx_get(&format!("/w/acme/palette?q={words}")).await.body;
    let of = |group: &str| {
        let part = body.split(&format!("aria-label=\"{group}\"")).nth(1).unwrap_or_default();
        let part = part.split("role=\"group\"").next().unwrap_or_default();
        let labels =
            part.split("</svg> <span>").skip(1).map(|rest| rest.split("</span>").next().unwrap_or_default());
        labels.map(str::to_owned).collect::<Vec<_>>()
    };
    ["Contacts", "Companies", "Deals"].map(of).concat()
}

async fn add(browser: &mut Browser, to: &str, form: &str) -> String {
    let reply = browser.post(&format!("/w/acme/{to}"), form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

#[tokio::test]
async fn people_are_found_by_any_part_and_whoever_fits_best_comes_first() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for form in [
        "first_name=Hannah&last_name=Zimmer&phone=%2B49+171+2345678&customer_code=Kd-77",
        "first_name=Anna&last_name=Ziegler&email=a.ziegler@nord.test",
        "first_name=Bo&last_name=Ek&email=annabel@sued.test&company=Nordlicht",
    ] {
        add(&mut mia, "contacts", form).await;
    }
    for (words, who) in [
        ("anna", &["Anna Ziegler", "Bo Ek", "Hannah Zimmer"][..]),
        ("ANN", &["Anna Ziegler", "Bo Ek", "Hannah Zimmer"]),
        ("zi", &["Anna Ziegler", "Hannah Zimmer"]),
        ("ziegler anna", &["Anna Ziegler"]),
        ("nord", &["Anna Ziegler", "Bo Ek"]),
        ("nord ek", &["Bo Ek"]),
        ("0171 234 56 78", &["Hannah Zimmer"]),
        ("5678", &["Hannah Zimmer"]),
        ("Kd-77", &["Hannah Zimmer"]),
        ("a%r", &[]),
        ("  ", &[]),
    ] {
        assert_eq!(offered(&mut mia, words).await, who, "{words}");
    }
    let hannah: String = app.stored("select id::text from contacts where first_name = 'Hannah'").await;
    mia.post(&format!("/w/acme/contacts/{hannah}/archive"), "").await;
    assert!(offered(&mut mia, "5678").await.is_empty());
    assert!(
        !app.sign_in("ian@initech.test")
            .await
            .hx_get("/w/initech/palette?q=ziegler")
            .await
            .body
            .contains("Ziegler")
    );
}

#[tokio::test]
async fn companies_and_deals_are_found_with_what_tells_them_apart() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let north = add(&mut mia, "companies", "name=Great+Northern&domain=northern.test").await;
    add(&mut mia, "companies", "name=Northwind&domain=wind.test").await;
    let deal = add(&mut mia, "deals", "name=North+roof&value=1200&currency=EUR").await;
    assert_eq!(offered(&mut mia, "north").await, ["Northwind", "Great Northern", "North roof"]);
    assert_eq!(offered(&mut mia, "wind.test").await, ["Northwind"]);
    let found = mia.hx_get("/w/acme/palette?q=north").await;
    assert!(found.body.contains(&north) && found.body.contains(&deal), "{}", found.body);
    assert!(
        found.text().contains("Great Northern northern.test") && found.text().contains("EUR 1,200"),
        "{}",
        found.text()
    );
    mia.post(&format!("{deal}/archive"), "").await;
    assert_eq!(offered(&mut mia, "north roof").await, [""; 0]);
}

#[tokio::test]
async fn the_list_finds_words_in_any_order_and_short_ones_where_a_word_begins() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "contacts", "first_name=Hannah&last_name=Zimmer&company=Nordlicht").await;
    for (words, is_found) in
        [("nordlicht+hannah", true), ("zi", true), ("im", false), ("imm", true), ("hannah+x", false)]
    {
        let list = mia.get(&format!("/w/acme/contacts?q={words}")).await.text();
        assert_eq!(list.contains("Hannah Zimmer"), is_found, "{words}");
    }
}
