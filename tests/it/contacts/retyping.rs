//! A field gets another kind: looked at first, and nothing that people have in it is lost.

use super::fields::{FIELDS, add};
use crate::support::{TestApp, tenant::ACME};

/// People with these shoe sizes beside Zoe's 38.
async fn with_sizes(app: &TestApp, sizes: &[&str]) {
    let sql = "insert into contacts (organization_id, id, email, custom, created_at, updated_at)
               select $1::uuid, gen_random_uuid(), 'p' || n || '@x.test', jsonb_build_object('shoe', size), now(), now()
                 from unnest($2::text[]) with ordinality as s (size, n)";
    sqlx::query(sql).bind(ACME.org).bind(sizes).execute(&app.owner).await.unwrap();
}

fn retype() -> String {
    format!("{FIELDS}/{}/retype", ACME.field)
}

const HELD: &str = "select string_agg(custom::text, ' ' order by email) from contacts where organization_id::text like '%a' and merged_into is null";

#[tokio::test]
async fn a_look_counts_what_fits_and_shows_what_does_not_and_changes_nothing() {
    let app = TestApp::new().await;
    with_sizes(&app, &["39,5", "wide", "wide", "38 or so"]).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let before: String = app.stored(HELD).await;
    let page = mia.get(&format!("{}?kind=number", retype())).await.text();
    for shown in [
        "Values that fit 2",
        "Values that do not 3",
        "wide This is no number",
        "39,5 39.5",
        "“Shoe size (before)”",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let choices = mia.get(&format!("{}?kind=choice", retype())).await.text();
    assert!(choices.contains("Values that fit 5") && choices.contains("Choices: wide, "), "{choices}");
    assert_eq!(app.stored::<String>(HELD).await, before);
}

#[tokio::test]
async fn what_does_not_fit_moves_to_a_field_of_its_own_and_back_to_text_nothing_is_lost() {
    let app = TestApp::new().await.leaves_jobs();
    with_sizes(&app, &["39,5", "wide"]).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(&retype(), "kind=number").await.status, 303);
    assert_eq!(app.stored::<String>(HELD).await, r#"{"shoe": 39.5} {"shoe_before": "wide"} {"shoe": 38}"#);
    let list = mia.get(FIELDS).await.text();
    assert!(list.contains("Shoe size Number") && list.contains("Shoe size (before) Text"), "{list}");
    assert_eq!(mia.post(&retype(), "kind=text").await.status, 303);
    assert_eq!(
        app.stored::<String>(HELD).await,
        r#"{"shoe": "39.5"} {"shoe_before": "wide"} {"shoe": "38"}"#
    );
    // Initech's field of the same key is its own.
    let theirs: String =
        app.stored("select kind from contact_fields where organization_id::text like '%b'").await;
    assert_eq!(theirs, "text");
}

#[tokio::test]
async fn a_choice_becomes_text_with_its_label_and_text_becomes_choices() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let news = add(&mut mia, "label=News+in&kind=choice&new_options=English%0AGerman").await;
    let zoe = format!("/w/acme/contacts/{}", ACME.contact);
    mia.post(&zoe, "email=zoe@acme-customer.test&custom.shoe=38&custom.news_in=german").await;
    mia.post(&format!("{news}/retype"), "kind=text").await;
    assert_eq!(app.stored::<String>(HELD).await, r#"{"shoe": "38", "news_in": "German"}"#);
    mia.post(&format!("{news}/retype"), "kind=choices").await;
    assert_eq!(app.stored::<String>(HELD).await, r#"{"shoe": "38", "news_in": ["german"]}"#);
}

#[tokio::test]
async fn very_many_people_are_changed_in_the_background() {
    let app = TestApp::new().await;
    let sql = "insert into contacts (organization_id, id, email, custom, created_at, updated_at)
               select $1::uuid, gen_random_uuid(), 'p' || n || '@x.test', jsonb_build_object('shoe', (n % 50)::text), now(), now()
                 from generate_series(1, 20001) n";
    sqlx::query(sql).bind(ACME.org).execute(&app.owner).await.unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post(&retype(), "kind=number").await;
    let numbers = "select count(*) from contacts where jsonb_typeof(custom->'shoe') = 'number'";
    assert_eq!(app.stored::<i64>(numbers).await, 0);
    app.work().await;
    assert_eq!(app.stored::<i64>(numbers).await, 20_002);
}
