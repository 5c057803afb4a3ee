//! Tags: put on and taken off, one person and many, renamed, merged, put away, and how each came there.

use super::imports::import;
use crate::support::{Browser, TestApp, tenant::ACME};

const TAGS: &str = "/w/acme/contacts/tags";
const CONTACTS: &str = "/w/acme/contacts";
const SEVERAL: &str = "/w/acme/contacts/several";

fn zoe() -> String {
    format!("{CONTACTS}/{}", ACME.contact)
}

/// Adds somebody and gives their id.
async fn add(app: &TestApp, mia: &mut Browser, first_name: &str) -> String {
    let email = format!("{}@x.test", first_name.to_lowercase());
    let reply = mia.post(CONTACTS, &format!("email={email}&first_name={first_name}")).await;
    assert_eq!(reply.status, 303);
    sqlx::query_scalar("select id::text from contacts where email = $1")
        .bind(email)
        .fetch_one(&app.owner)
        .await
        .unwrap()
}

/// Where the Undo of the last notice posts to.
fn undo_of(body: &str) -> String {
    let rest = body.split("/contacts/changes/").nth(1).unwrap_or_else(|| panic!("no undo: {body}"));
    format!("{CONTACTS}/changes/{}/undo", &rest[..36])
}

/// Who wears what, how they came by it.
const WORN: &str = "select coalesce(string_agg(t.name || ':' || c.first_name || ':' || w.source, ' ' order by t.name, c.first_name), '')
    from contact_tags w join tags t on t.organization_id = w.organization_id and t.id = w.tag_id
    join contacts c on c.organization_id = w.organization_id and c.id = w.contact_id
   where w.organization_id::text like '%a'";

#[tokio::test]
async fn a_tag_is_typed_on_a_person_who_shows_who_put_it_there_and_is_found_by_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(&format!("{}/tags", zoe()), "tag=Met+at+the+fair").await.status, 303);
    // The same in other letters is the same tag.
    mia.post(&format!("{}/tags", zoe()), "tag=met+AT+the+fair").await;
    let page = mia.get(&zoe()).await.text();
    for shown in [
        "Met at the fair Mia Marketer · Nov 21, 2026",
        "Got the tag “Met at the fair”",
        "They have this tag already",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Zoe:Open day Met at the fair:Zoe:Mia Marketer");

    add(&app, &mut mia, "Ann").await;
    let list = mia.get(&format!("{CONTACTS}?tag={}", ACME.tag)).await.text();
    assert!(list.contains("Zoe") && !list.contains("ann@x.test") && list.contains("Keen"), "{list}");

    let gone = mia.post(&format!("{}/tags/{}/remove", zoe(), ACME.tag), "").await;
    assert_eq!(gone.status, 303);
    let page = mia.get(&zoe()).await;
    assert!(page.text().contains("Lost the tag “Keen”"), "{}", page.text());
    mia.post(&undo_of(&page.body), "").await;
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Zoe:Open day Met at the fair:Zoe:Mia Marketer");
    let refused = mia.post(&format!("{}/tags", zoe()), &format!("tag={}", "x".repeat(61))).await;
    assert_eq!(refused.status, 303);
    assert!(mia.get(&zoe()).await.text().contains("up to 60 characters"));
}

#[tokio::test]
async fn many_get_a_tag_at_once_and_its_undo_takes_it_off_those_alone_who_got_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let ann = add(&app, &mut mia, "Ann").await;
    let form = format!("what=tag&tag=keen&contact={ann}&contact={}", ACME.contact);
    let done = mia.hx_post(SEVERAL, &form).await;
    assert!(done.text().contains("Put the tag “Keen” on 1 person. The others had it."), "{}", done.text());
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Ann:Mia Marketer Keen:Zoe:Open day");
    let told: i64 = app.stored("select count(*) from events where kind = 'contact.tagged'").await;
    assert_eq!(told, 1, "nobody is told of who had it");

    let undone = mia.hx_post(&undo_of(&done.body), "").await;
    assert!(undone.text().contains("Undone: 1 person is as before."), "{}", undone.text());
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Zoe:Open day");
    assert_eq!(mia.hx_post(&undo_of(&done.body), "").await.status, 404, "once");
}

#[tokio::test]
async fn everybody_in_a_view_loses_a_tag_at_once_and_gets_it_back_as_it_was() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&app, &mut mia, "Ann").await;
    // As a page without JavaScript sends it.
    let done = mia.post(SEVERAL, &format!("what=untag&tag=Keen&scope=all&view=tag%3D{}", ACME.tag)).await;
    assert_eq!(done.status, 303);
    let page = mia.get(CONTACTS).await;
    assert!(page.text().contains("Took the tag “Keen” off 1 person."), "{}", page.text());
    assert_eq!(app.stored::<String>(WORN).await, "");
    mia.post(&undo_of(&page.body), "").await;
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Zoe:Open day");

    for (form, told) in [
        ("what=untag&tag=Nothing&scope=all", "There is no tag with that name"),
        ("what=tag&tag=Keen", "Tick the people first"),
        ("what=tag&tag=&scope=all", "Give the tag a name"),
    ] {
        let reply = mia.hx_post(SEVERAL, form).await.text();
        assert!(reply.contains(told), "{told}: {reply}");
    }
}

#[tokio::test]
async fn merging_says_what_it_comes_to_and_keeps_how_each_came_by_it_first() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let ann = add(&app, &mut mia, "Ann").await;
    mia.hx_post(SEVERAL, &format!("what=tag&tag=Key&contact={ann}&contact={}", ACME.contact)).await;
    let merge = format!("{TAGS}/{}/merge", ACME.tag);
    let look = mia.get(&format!("{merge}?into={}", ACME.other_tag)).await.text();
    for shown in ["“Keen” now 1", "“Key” now 2", "Have both 1", "“Key” afterwards 2"] {
        assert!(look.contains(shown), "{shown}: {look}");
    }
    assert_eq!(mia.post(&merge, &format!("into={}", ACME.tag)).await.status, 404, "not into itself");
    assert_eq!(mia.post(&merge, &format!("into={}", ACME.other_tag)).await.status, 303);
    assert_eq!(app.stored::<String>(WORN).await, "Key:Ann:Mia Marketer Key:Zoe:Open day");
    let list = mia.get(TAGS).await.text();
    assert!(list.contains("Put away Keen") && list.contains("Key 2 people"), "{list}");
}

#[tokio::test]
async fn tags_stand_by_category_and_a_name_belongs_to_one() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(TAGS, "name=Fair&category=Came+by&hue=3").await.status, 303);
    let taken = mia.post(TAGS, "name=KEEN&category=Came+by").await;
    assert_eq!((taken.status.as_u16(), taken.field("category")), (422, "Came by".to_owned()));
    let list = mia.get(TAGS).await.text();
    assert!(list.contains("Came by Fair 0 people") && list.contains("Mood Keen 1 person"), "{list}");
    let keen = format!("{TAGS}/{}", ACME.tag);
    assert_eq!(mia.post(&keen, "name=fair").await.status, 422);
    assert_eq!(mia.post(&keen, "name=Very+keen&category=Mood&hue=99").await.status, 422);
    assert_eq!(mia.post(&keen, "name=Very+keen&category=Mood&hue=5").await.status, 303);
    assert!(mia.get(&zoe()).await.text().contains("Very keen"));
    // Initech has a tag of that name all the same.
    let mut ian = app.sign_in("ian@initech.test").await;
    assert_eq!(ian.post("/w/initech/contacts/tags", "name=Fair").await.status, 303);
}

#[tokio::test]
async fn a_tag_that_is_put_away_is_on_nobody_until_it_is_back() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let keen = format!("{TAGS}/{}", ACME.tag);
    mia.post(&format!("{keen}/archive"), "").await;
    let list = mia.get(TAGS).await;
    assert!(
        list.text().contains("Put the tag “Keen” away") && list.body.contains("/restore"),
        "{}",
        list.text()
    );
    assert!(!mia.get(&zoe()).await.text().contains("Keen"));
    assert!(!mia.get(&format!("{CONTACTS}?tag={}", ACME.tag)).await.text().contains("zoe@"));
    // Its name is free meanwhile, and then it cannot come back under it.
    mia.post(TAGS, "name=Keen").await;
    mia.post(&format!("{keen}/restore"), "").await;
    assert!(mia.get(TAGS).await.text().contains("Another tag is called “Keen” now"));
    mia.post(&keen, "name=Keen+once").await;
    mia.post(&format!("{keen}/restore"), "").await;
    assert!(mia.get(&zoe()).await.text().contains("Keen once"));
}

#[tokio::test]
async fn a_file_tags_everybody_in_it_and_its_undo_takes_the_tag_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let decided = "column.0=email&column.1=first_name&has_header=on&mode=fill&consent=unknown&tag=Fair+2026";
    let file = b"email,name\nann@x.test,Ann\nzoe@acme-customer.test,Zoe\n";
    let at = import(&app, &mut mia, file, decided).await;
    assert_eq!(
        app.stored::<String>(WORN).await,
        "Fair 2026:Ann:Import of people.csv Fair 2026:Zoe:Import of people.csv Keen:Zoe:Open day"
    );
    assert!(mia.get(&zoe()).await.text().contains("Got the tag “Fair 2026”"));
    mia.post(&format!("{at}/undo"), "").await;
    app.work().await;
    assert_eq!(app.stored::<String>(WORN).await, "Keen:Zoe:Open day");
}
