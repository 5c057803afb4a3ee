//! Fields of the organization's own: added, ordered, filled in on a contact, in a file and in a mail.

use super::imports::import;
use crate::support::{Browser, TestApp, tenant::ACME};

pub(super) const FIELDS: &str = "/w/acme/settings/fields";
const CONTACTS: &str = "/w/acme/contacts";

/// Adds a field and gives the address of its page.
pub(super) async fn add(browser: &mut Browser, form: &str) -> String {
    let reply = browser.post(FIELDS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let list = browser.get(FIELDS).await.body;
    let label = form.split('&').find_map(|pair| pair.strip_prefix("label=")).unwrap().replace('+', " ");
    let before = list.split(&format!("<strong>{label}</strong>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

fn zoe() -> String {
    format!("{CONTACTS}/{}", ACME.contact)
}

/// What Zoe's own fields hold, as JSON.
async fn held(app: &TestApp) -> String {
    app.stored("select custom::text from contacts where email = 'zoe@acme-customer.test'").await
}

#[tokio::test]
async fn each_kind_is_asked_for_in_its_own_way_kept_as_its_json_and_shown_in_words() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for form in [
        "label=Roof+area&kind=number&group=Roof&help=In+square+feet.",
        "label=Last+bill&kind=money&currency=EUR",
        "label=Installed&kind=date&group=Roof",
        "label=Call+at&kind=time",
        "label=Has+attic&kind=boolean",
        "label=News+in&kind=choice&new_options=English%0AGerman",
        "label=Wants&kind=choices&new_options=Roof%0ASolar%0AGutters",
        "label=Listing&kind=url",
        "label=Private+mail&kind=email",
        "label=Works&kind=phone",
        "label=Looked+after+by&kind=user",
    ] {
        add(&mut mia, form).await;
    }
    let page = mia.get(&format!("{}/edit", zoe())).await;
    for asked in [
        "type=\"date\" id=\"custom.installed\"",
        "type=\"time\" id=\"custom.call_at\"",
        "inputmode=\"decimal\"",
        "<option value=\"german\">German",
        "type=\"checkbox\" name=\"custom.wants\" value=\"solar\"",
        "<legend>Roof</legend>",
        ">Mia Marketer</option>",
    ] {
        assert!(page.body.contains(asked), "{asked}: {}", page.body);
    }
    assert!(page.text().contains("In square feet.") && page.text().contains("In EUR."), "{}", page.text());
    assert!(!page.body.contains("Lee Left"), "who was shut out is not offered");

    let typed = "email=zoe@acme-customer.test&first_name=Zoe&custom.shoe=38&custom.roof_area=1,234.5\
        &custom.last_bill=99,90&custom.installed=2026-11-21&custom.call_at=14:30&custom.has_attic=no\
        &custom.news_in=german&custom.wants=solar&custom.wants=roof&custom.listing=example.com/z\
        &custom.private_mail=Z@Home.test&custom.works=%2B1+303+555+0142\
        &custom.looked_after_by=00000000-0000-7000-8000-000000000012";
    assert_eq!(mia.post(&zoe(), typed).await.status, 303);
    let kept: serde_json::Value = serde_json::from_str(&held(&app).await).unwrap();
    let expected = serde_json::json!({
        "shoe": "38", "roof_area": 1234.5, "last_bill": { "amount": 9990, "currency": "EUR" },
        "installed": "2026-11-21", "call_at": "14:30", "has_attic": false, "news_in": "german",
        "wants": ["roof", "solar"], "listing": "https://example.com/z", "private_mail": "z@home.test",
        "works": "+1 303 555 0142", "looked_after_by": "00000000-0000-7000-8000-000000000012",
    });
    assert_eq!(kept, expected);
    let page = mia.get(&zoe()).await.text();
    for shown in
        ["1234.5", "€99.90", "Nov 21, 2026", "14:30", "Has attic No", "German", "Roof, Solar", "Mia Marketer"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let again = mia.get(&format!("{}/edit", zoe())).await;
    assert_eq!(
        (again.field("custom.last_bill"), again.field("custom.roof_area")),
        ("99.90".into(), "1234.5".into())
    );
    assert_eq!(again.body.matches(" checked>").count(), 2);
}

#[tokio::test]
async fn what_does_not_fit_is_told_beside_its_field_and_kept_as_it_was_typed() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "label=Roof+area&kind=number&is_required=on").await;
    add(&mut mia, "label=News+in&kind=choice&new_options=English%0AGerman").await;
    let form = "email=zoe@acme-customer.test&custom.shoe=38&custom.roof_area=large&custom.news_in=klingon";
    let reply = mia.post(&zoe(), form).await;
    assert_eq!((reply.status.as_u16(), reply.field("custom.roof_area")), (422, "large".to_owned()));
    for told in ["This is no number. Write it like 1234.5.", "Choose from: English, German."] {
        assert!(reply.text().contains(told), "{told}: {}", reply.text());
    }
    let reply = mia.post(&zoe(), "email=zoe@acme-customer.test&custom.roof_area=+").await;
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("This has to be filled in."), "{}", reply.text());
    assert_eq!(held(&app).await, r#"{"shoe": "38"}"#);
}

#[tokio::test]
async fn a_field_is_changed_moved_deleted_and_brought_back_with_all_that_was_in_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let news = add(&mut mia, "label=News+in&kind=choice&new_options=English%0AGerman&group=Wishes").await;
    add(&mut mia, "label=Call+at&kind=time&group=Wishes").await;
    mia.post(&zoe(), "email=zoe@acme-customer.test&custom.shoe=38&custom.news_in=german").await;

    let changed =
        "label=Newsletter+in&group=Wishes&option.english=English&option.german=Deutsch&new_options=French";
    assert_eq!(mia.post(&news, changed).await.status, 303);
    assert!(mia.get(&zoe()).await.text().contains("Newsletter in Deutsch"));
    assert_eq!(mia.post(&news, "label=&option.english=&option.german=").await.status, 422);

    mia.post(&format!("{news}/move"), "way=down").await;
    mia.post(&format!("{news}/move"), "way=group_up").await;
    let list = mia.get(FIELDS).await.text();
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("{words}: {list}"));
    assert!(at("Call at") < at("Newsletter in") && at("Newsletter in") < at("Shoe size"), "{list}");

    mia.post(&format!("{news}/archive"), "").await;
    assert!(
        mia.get(FIELDS)
            .await
            .text()
            .contains("Deleted the field “Newsletter in”. What people have in it is kept. Undo")
    );
    assert!(!mia.get(&zoe()).await.text().contains("Deutsch"));
    // Whoever is changed meanwhile keeps what nobody was asked for.
    mia.post(&zoe(), "email=zoe@acme-customer.test&custom.shoe=39").await;
    mia.post(&format!("{news}/restore"), "").await;
    assert!(mia.get(&zoe()).await.text().contains("Newsletter in Deutsch"));
}

#[tokio::test]
async fn a_field_says_where_it_is_used_before_it_is_deleted() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let sql = "update design_blocks set props = '{\"text\": \"Size {{ contact.shoe | default(\\\"?\\\") }}\"}'
                where id = '00000000-0000-7000-8000-000000000ea1';
               update broadcasts set subject = 'For {{ contact.shoes }}, not {{ contact.first_name }}' where status = 'draft';
               update imports set mapping = '[\"email\", \"custom.shoe\"]'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    let page = mia.get(&format!("{FIELDS}/{}", ACME.field)).await.text();
    for shown in
        ["1 person has a value in it", "Rocket news Design", "customers.csv Import", "{{ contact.shoe }}"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("Spring sale"), "another field whose name begins alike: {page}");
    sqlx::raw_sql("update broadcasts set subject = 'For {{ contact.shoe }}' where status = 'draft'")
        .execute(&app.owner)
        .await
        .unwrap();
    assert!(mia.get(&format!("{FIELDS}/{}", ACME.field)).await.text().contains("Spring sale Campaign"));
}

#[tokio::test]
async fn a_file_is_read_by_the_kinds_of_its_fields_and_lines_that_do_not_fit_are_refused() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "label=Roof+area&kind=number").await;
    add(&mut mia, "label=News+in&kind=choice&new_options=English%0AGerman").await;
    let bytes = "email,area,news,shoe\n\
        ann@x.test,\"1,234.5\",german,38\n\
        bo@x.test,large,English,39\n\
        cy@x.test,,Klingon,40\n\
        zoe@acme-customer.test,7,,41\n";
    let decided = "column.0=email&column.1=custom.roof_area&column.2=custom.news_in&column.3=custom.shoe\
        &has_header=on&mode=overwrite&consent=unknown";
    let at = import(&app, &mut mia, bytes.as_bytes(), decided).await;
    let page = mia.get(&at).await.text();
    for shown in [
        "Added 1",
        "Updated 1",
        "Refused 2",
        "Roof area: This is no number.",
        "News in: Choose from: English, German.",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let ann: String = app.stored("select custom::text from contacts where email = 'ann@x.test'").await;
    assert_eq!(ann, r#"{"shoe": "38", "news_in": "german", "roof_area": 1234.5}"#);
    assert_eq!(held(&app).await, r#"{"shoe": "41", "roof_area": 7}"#);
}

#[tokio::test]
async fn mail_shows_what_people_call_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "label=Wants&kind=choices&new_options=Roof%0ASolar+panels").await;
    add(&mut mia, "label=Bill&kind=money&currency=EUR").await;
    let attic = add(&mut mia, "label=Attic&kind=boolean").await;
    mia.post(
        &zoe(),
        "email=zoe@acme-customer.test&custom.wants=roof&custom.wants=solar_panels&custom.bill=5&custom.attic=yes",
    )
    .await;
    // What was deleted is no field to choose, and mail that names it goes on.
    mia.post(&format!("{attic}/archive"), "").await;
    let sql = "update design_blocks set kind = 'text', props = '{\"html\": \"<p>{{ contact.wants }} for {{ contact.bill }}, \
                 attic: {{ contact.attic }}{% if contact.attic %} indeed{% endif %}</p>\", \"size\": \"16\", \"align\": \"left\"}'
                where id = '00000000-0000-7000-8000-000000000ea1'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    let canvas = mia.get(&format!("/w/acme/designs/{}/canvas?as={}", ACME.design, ACME.contact)).await.text();
    assert!(canvas.contains("Roof, Solar panels for €5.00, attic: Yes indeed"), "{canvas}");
    let editor = mia.get(&format!("/w/acme/designs/{}", ACME.design)).await.body;
    assert!(editor.contains("contact.wants |") && !editor.contains("contact.attic |"), "{editor}");
}

#[tokio::test]
async fn whoever_only_looks_sees_no_form_and_changes_nothing() {
    let app = TestApp::new().await;
    sqlx::raw_sql(
        "insert into role_permissions (organization_id, role_id, permission)
         select organization_id, id, 'contacts.view' from roles where key = 'viewer'",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut vic = app.sign_in("vic@acme.test").await;
    let page = vic.get(FIELDS).await;
    assert!(page.text().contains("Shoe size") && !page.body.contains("Add a field"), "{}", page.text());
    assert_eq!(vic.post(FIELDS, "label=x").await.status, 403);
    assert_eq!(vic.get(&format!("{FIELDS}/{}", ACME.field)).await.status, 403);
    let mut ian = app.sign_in("ian@initech.test").await;
    assert_eq!(ian.get(&format!("/w/initech/settings/fields/{}", ACME.field)).await.status, 404);
}
