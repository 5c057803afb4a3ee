//! One deal: making it, its facts, its people, its notes, putting it away.

use super::{DEALS, ROCKETS, ZOE, make};
use crate::support::{TestApp, tenant::ACME};

#[tokio::test]
async fn a_deal_is_made_from_a_contact_s_page_and_stands_on_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(ZOE).await;
    assert!(page.body.contains(&format!("hx-get=\"{ZOE}/deals\"")), "{}", page.body);
    let card = mia.hx_get(&format!("{ZOE}/deals")).await;
    assert!(
        card.text().contains("Twelve rockets EUR 12,000 Talking") && !card.body.contains("<html"),
        "{}",
        card.text()
    );
    assert!(
        mia.get(&format!("{ZOE}/deals")).await.text().contains("Deals of Zoe"),
        "without a script it is a page"
    );

    let form = mia.get(&format!("{DEALS}/new?contact={}", ACME.contact)).await;
    assert_eq!(form.field("contact"), ACME.contact);
    let moon = make(&mut mia, &format!("name=Moon&value=99,90&currency=USD&contact={}", ACME.contact)).await;
    let page = mia.get(&moon).await.text();
    for shown in ["Made the deal “Moon”", "USD 99.90", "Zoe", "Primary", "Made in Talking"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(mia.hx_get(&format!("{ZOE}/deals")).await.text().contains("Moon USD 99.90"));
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_what_was_typed() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let wrong =
        mia.post(DEALS, "name=&value=1.2.3&currency=EUR&close=tomorrow&who=nobody@x.test&source=Fair").await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.field("value"), wrong.field("source")),
        (422, "1.2.3".into(), "Fair".into())
    );
    for told in [
        "Give the deal a name",
        "which sign is the decimal one",
        "Choose a day",
        "Nobody here has that address",
    ] {
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    let unknown = mia.post(DEALS, "name=Moon&currency=ZZZ").await;
    assert!(unknown.text().contains("Choose a currency"), "{}", unknown.text());
    assert_eq!(app.stored::<i64>("select count(*) from deals").await, 2);
    let named = make(&mut mia, "name=Moon&currency=EUR&who=zoe").await;
    assert!(mia.get(&named).await.text().contains("Primary"), "part of a name that only one has is enough");
}

#[tokio::test]
async fn facts_are_changed_one_by_one_in_words_that_make_sense() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for (fact, form) in [
        ("name", "name=Thirteen+rockets"),
        ("value", "value=1.234,50&currency=CHF"),
        ("probability", "probability=35"),
        ("close", "close=2026-12-24"),
        ("owner", "owner=00000000-0000-7000-8000-000000000012"),
        ("source", "source=Referral"),
    ] {
        assert_eq!(mia.post(&format!("{ROCKETS}/facts/{fact}"), form).await.status, 303, "{fact}");
    }
    let page = mia.get(ROCKETS).await.text();
    for shown in
        ["Thirteen rockets", "CHF 1,234.50", "35 % (the stage says 20 %)", "Dec 24, 2026", "Mia", "Referral"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for (fact, form, told) in [
        ("value", "value=0,123&currency=EUR", "EUR has 2 digits"),
        ("probability", "probability=101", "from 0 to 100"),
        ("close", "close=2026-13-01", "Choose a day"),
        ("owner", "owner=00000000-0000-7000-8000-000000000022", "Choose somebody of this workspace"),
        ("name", "name=", "Give the deal a name"),
    ] {
        let refused = mia.post(&format!("{ROCKETS}/facts/{fact}"), form).await;
        assert_eq!(refused.status, 422, "{fact}");
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
    }
    assert_eq!(mia.post(&format!("{ROCKETS}/facts/stage_id"), "").await.status, 404);
    let log: i64 = app.stored("select count(*) from audit_log where action = 'deals.changed'").await;
    assert_eq!(log, 6);
}

#[tokio::test]
async fn of_several_contacts_one_is_the_primary_one_whoever_leaves() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post("/w/acme/contacts", "email=ann@customer.test&first_name=Ann").await;
    let found = mia.get(&format!("{ROCKETS}?find=ann@")).await;
    assert!(found.text().contains("ann@customer.test"), "{}", found.text());
    let ann: String = app.stored("select id::text from contacts where email = 'ann@customer.test'").await;
    for _ in 0..2 {
        mia.post(&format!("{ROCKETS}/people"), &format!("contact={ann}")).await;
    }
    let primary =
        "select string_agg(c.first_name, ' ') from deal_contacts k join contacts c on c.id = k.contact_id
                    where k.is_primary and k.deal_id::text like '%17a1'";
    assert_eq!(app.stored::<String>(primary).await, "Zoe");
    mia.post(&format!("{ROCKETS}/people/{ann}/primary"), "").await;
    assert_eq!(app.stored::<String>(primary).await, "Ann");
    mia.post(&format!("{ROCKETS}/people/{ann}/remove"), "").await;
    assert_eq!(app.stored::<String>(primary).await, "Zoe");
    assert_eq!(mia.post(&format!("{ROCKETS}/people/{ann}/remove"), "").await.status, 404);
}

#[tokio::test]
async fn a_note_is_changed_and_deleted_by_who_wrote_it_alone() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let theirs = format!("{ROCKETS}/notes/{}", ACME.note);
    assert_eq!(mia.post(&theirs, "note=Blue").await.status, 404);
    assert_eq!(mia.post(&format!("{theirs}/delete"), "").await.status, 404);
    assert!(mia.get(ROCKETS).await.text().contains("Wants them red"));

    assert_eq!(mia.post(&format!("{ROCKETS}/notes"), "note=Likes+%3Cb%3Enoise%3C/b%3E").await.status, 303);
    assert!(mia.get(ROCKETS).await.text().contains("Likes <b>noise</b>"));
    assert_eq!(mia.post(&format!("{ROCKETS}/notes"), "note=++").await.status, 422);
    assert_eq!(olga.post(&theirs, "note=Wants+them+blue").await.status, 303);
    assert!(olga.get(ROCKETS).await.text().contains("Wants them blue"));
    assert_eq!(olga.post(&format!("{theirs}/delete"), "").await.status, 303);
    assert!(!olga.get(ROCKETS).await.text().contains("Wants them"));
}

#[tokio::test]
async fn an_archived_deal_counts_nowhere_and_comes_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post(&format!("{ROCKETS}/archive"), "").await;
    let page = mia.get(ROCKETS).await;
    assert!(page.text().contains("This deal is archived") && page.body.contains("Undo"), "{}", page.text());
    assert!(!page.body.contains("/facts/"), "what is archived is not changed");
    assert!(!mia.get(DEALS).await.text().contains("Twelve rockets"));
    assert!(mia.get(&format!("{DEALS}?view=table&status=archived")).await.text().contains("Twelve rockets"));
    assert!(!mia.hx_get(&format!("{ZOE}/deals")).await.text().contains("Twelve rockets"));
    mia.post(&format!("{ROCKETS}/restore"), "").await;
    assert!(mia.get(DEALS).await.text().contains("EUR 12,000"));
}

#[tokio::test]
async fn undoing_an_import_leaves_those_who_have_a_deal() {
    let app = TestApp::new().await.leaves_jobs();
    let sql = "update import_changes i set was = null, changed_at = c.updated_at from contacts c where c.id = i.contact_id;
               set local app.current_organization_id = '00000000-0000-7000-8000-00000000000a';
               select app.remove_imported('00000000-0000-7000-8000-000000000ba1', 100)";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    let left: i64 = app.stored("select count(*) from contacts where id::text like '%8a1'").await;
    assert_eq!(left, 1);
}
