//! Two records of one person: side by side, made one with all that is known, and taken apart again.

use chrono::TimeDelta;
use groundswell::app;
use sqlx::AssertSqlSafe;

use super::imports::import;
use crate::support::{
    Browser, TestApp,
    tenant::{ACME, INITECH},
};

const CONTACTS: &str = "/w/acme/contacts";
const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

/// Adds somebody, and gives their id.
async fn added(browser: &mut Browser, form: &str) -> String {
    let reply = browser.post(CONTACTS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").rsplit('/').next().unwrap().to_owned()
}

/// Another Zoe, of whom more is known.
async fn zoe_twice(browser: &mut Browser) -> String {
    let form =
        "email=zoe@second.test&first_name=Zoe&last_name=Twice&phone=%2B4930901820&city=Ulm&customer_code=K-7";
    added(browser, form).await
}

/// Merges the other record into Zoe's, or Zoe's into it, with these fields of the form besides.
async fn merge(browser: &mut Browser, other: &str, more: &str) -> String {
    let path = format!("{ZOE}/merge/{other}");
    let seen = browser.get(&path).await.field("seen");
    let reply = browser.post(&path, &format!("seen={seen}&{more}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

async fn undo(app: &TestApp, browser: &mut Browser) {
    let merge: String =
        app.stored("select id::text from contact_merges where undone_at is null and id::text not like '%22a1' and id::text not like '%22b1'").await;
    let reply = browser.post(&format!("{ZOE}/merges/{merge}/undo"), "").await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

async fn text(app: &TestApp, sql: &str) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn both_stand_side_by_side_with_what_says_more_chosen() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    let page = mia.get(&format!("{ZOE}/merge")).await;
    assert!(page.body.contains("Nobody else is called Zoe of Acme"), "{}", page.body);
    let page = mia.get(&format!("{ZOE}/merge?q=zoe")).await;
    assert!(page.body.contains(&format!("href=\"{ZOE}/merge/{other}\"")), "{}", page.body);
    let page = mia.get(&format!("{ZOE}/merge/{other}")).await;
    for shown in
        ["Which record stays", "Zoe of Acme", "Zoe Twice", "added Jan 5, 2026", "Ulm", "postal addresses 1 0"]
    {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    // More is known of the one, the other has a city, and was written last where both say something.
    for (field, side) in
        [("stays", "one"), ("field.city", "other"), ("field.last_name", "other"), ("field.company", "one")]
    {
        let radio = format!("name=\"{field}\" value=\"{side}\" checked");
        assert!(page.body.contains(&radio), "{radio}: {}", page.body);
    }
    assert!(!page.body.contains("field.first_name"), "both are called so");
    for path in [ACME.contact, INITECH.contact, "00000000-0000-7000-8000-0000000000ff"] {
        assert_eq!(mia.get(&format!("{ZOE}/merge/{path}")).await.status, 404, "{path}");
        assert_eq!(mia.post(&format!("{ZOE}/merge/{path}"), "stays=one").await.status, 404, "{path}");
    }
    assert_eq!(mia.post(&format!("{ZOE}/merges/{}/undo", INITECH.merge), "").await.status, 404);
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.get(&format!("{ZOE}/merge/{other}")).await.status, 403);
    assert!(!vic.get(ZOE).await.text().contains("Merge with"));
}

/// Rows of everything that names a contact, for the second Zoe; some of it Zoe has too.
async fn fill(app: &TestApp, browser: &mut Browser, other: &str) {
    let at = format!("{CONTACTS}/{other}");
    for (path, form) in [
        (format!("{at}/notes"), "note=Likes+red".to_owned()),
        (format!("{at}/tags"), "tag=Keen".to_owned()),
        (format!("{at}/tags"), "tag=Very+new".to_owned()),
        (format!("{at}/identities"), "kind=telegram&value=@Zoe_of_Acme".to_owned()),
        (format!("{at}/addresses"), "kind=home&lines=Weg+1&city=Ulm&primary=on".to_owned()),
        ("/w/acme/deals".to_owned(), format!("name=Moon&currency=EUR&contact={other}")),
        (format!("/w/acme/deals/{}/people", ACME.deal), format!("contact={other}")),
        (format!("/w/acme/deals/{}/people/{other}/primary", ACME.deal), String::new()),
        (
            "/w/acme/tasks".to_owned(),
            format!("title=Call+her&kind=call&priority=normal&repeats=never&contact={other}&back=contact"),
        ),
        ("/w/acme/contacts/several".to_owned(), format!("what=list&list={}&contact={other}", ACME.list)),
    ] {
        let reply = browser.post(&path, &form).await;
        assert!(reply.status.is_success() || reply.status.is_redirection(), "{path}: {}", reply.text());
    }
    let sql = format!(
        "insert into contact_lists (organization_id, id, name, created_at, updated_at)
         values ('{0}', 'a0000000-0000-7000-8000-000000000001', 'Guests', now(), now());
         insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         values ('{0}', 'a0000000-0000-7000-8000-000000000001', '{other}', 'Fair', now());
         insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
         values ('{0}', '{1}', '{other}', '{{}}', now())",
        ACME.org, ACME.change
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn everything_of_both_is_with_who_stays_and_the_other_leads_there() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    fill(&app, &mut mia, &other).await;
    let look = mia.get(&format!("{ZOE}/merge/{other}")).await.text();
    for counted in ["deals 1 2", "lists 1 2", "tags 1 2", "notes 1 1", "postal addresses 1 1", "tasks 1 1"] {
        assert!(look.contains(counted), "{counted}: {look}");
    }
    let at = merge(&mut mia, &other, "stays=one&field.email=one&field.city=other&field.phone=other").await;
    assert_eq!(at, ZOE);
    let page = mia.get(ZOE).await.text();
    for shown in [
        "Merged with Zoe Twice on",
        "Undo the merge",
        "Note by Mia Marketer: Likes red",
        "Very new",
        "Guests",
        "E-mail zoe@acme-customer.test Used",
        "E-mail zoe@second.test",
        "Phone +4930901820 Used",
        "@Zoe_of_Acme",
        "Weg 1",
        "City Ulm",
        // What happened to the other happened to her.
        "Added by hand",
        "Merged with Zoe Twice, by Mia Marketer",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(mia.hx_get(&format!("{ZOE}/deals")).await.text().contains("Moon"));
    assert!(mia.hx_get(&format!("{ZOE}/tasks")).await.text().contains("Call her"));
    assert!(mia.get(&format!("/w/acme/deals/{}", ACME.deal)).await.text().contains("Primary"));
    for table in app::carriers().tables() {
        let left = format!("select count(*)::text from {table} where contact_id = '{other}'");
        assert_eq!(text(&app, &left).await, "0", "{table}");
    }

    // The other one is nobody by themselves any more.
    let there = mia.get(&format!("{CONTACTS}/{other}")).await;
    assert_eq!((there.status.as_u16(), there.header("location")), (303, ZOE));
    for (path, form) in [("", "first_name=Bo"), ("/restore", ""), ("/notes", "note=x"), ("/tags", "tag=Keen")]
    {
        assert_eq!(mia.post(&format!("{CONTACTS}/{other}{path}"), form).await.status, 404, "{path}");
    }
    mia.post("/w/acme/contacts/several", &format!("what=restore&contact={other}")).await;
    mia.post("/w/acme/contacts/several", &format!("what=list&list={}&contact={other}", ACME.list)).await;
    for list in ["", "?status=archived"] {
        assert!(!mia.get(&format!("{CONTACTS}{list}")).await.text().contains("Zoe Twice"), "{list}");
    }
    let alive = format!("select count(*)::text from contacts where id = '{other}' and archived_at is null");
    assert_eq!(text(&app, &alive).await, "0");
}

#[tokio::test]
async fn a_refusal_of_either_stays_whichever_record_does() {
    for (stays, refused) in [("one", "other"), ("other", "one")] {
        let app = TestApp::new().await.leaves_jobs();
        let mut mia = app.sign_in("mia@acme.test").await;
        let other = zoe_twice(&mut mia).await;
        let (yes, no) =
            if refused == "one" { (other.as_str(), ACME.contact) } else { (ACME.contact, other.as_str()) };
        let sql = format!(
            "insert into consents (organization_id, contact_id, id, state, source, recorded_at)
             values ('{0}', '{no}', '01900000-0000-7000-8000-000000000001', 'withdrawn', 'one_click', now());
             insert into consents (organization_id, contact_id, id, state, source, recorded_at)
             values ('{0}', '{yes}', '01900000-0000-7000-8000-000000000002', 'granted', 'staff', now())",
            ACME.org
        );
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
        let at = merge(&mut mia, &other, &format!("stays={stays}&field.email={stays}")).await;
        let page = mia.get(&at).await.text();
        assert!(page.contains("Consent Unsubscribed They took back"), "{stays} {refused}: {page}");
        assert!(page.contains("Said under records that were merged"), "{page}");
    }
}

#[tokio::test]
async fn who_complained_at_one_address_is_not_written_to_at_the_other() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    let sql = "insert into suppressions (organization_id, address_hash, address, reason, created_at)
               select organization_id, app.address_hash(organization_id, email), email, 'complaint', now()
                 from contacts where email = 'zoe@second.test'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    merge(&mut mia, &other, "stays=one&field.email=one").await;
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("Unsubscribed") && page.contains("its owner called a mail spam"), "{page}");
    assert_eq!(
        app.stored::<i64>("select count(*) from suppressions where address = 'zoe@second.test'").await,
        1
    );

    // A file with the other address finds her, makes no twin, and agrees to nothing for her.
    let decided = "column.0=email&column.1=city&has_header=on&mode=overwrite&consent=granted&wording=Asked";
    import(&app, &mut mia, b"email,city\nzoe@second.test,Bern\n", decided).await;
    assert_eq!(app.stored::<i64>("select count(*) from contacts where email = 'zoe@second.test'").await, 0);
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("City Bern") && page.contains("Consent Unsubscribed"), "{page}");
}

/// All that can be read of both, but for the ledger and moments.
async fn everything(app: &TestApp, other: &str) -> String {
    let mut all = String::new();
    for table in app::carriers().tables() {
        let whom = format!("('{other}', '{}')", ACME.contact);
        let rows = format!(
            "select '{table}: ' || coalesce(string_agg((to_jsonb(t) - '{{updated_at}}'::text[])::text, E'\n' order by to_jsonb(t)::text), '') || E'\n'
               from {table} t where contact_id in {whom}"
        );
        all += &text(app, &rows).await;
    }
    let people = format!(
        "select string_agg((to_jsonb(c) - '{{updated_at}}'::text[])::text, E'\n' order by c.id) from contacts c where id in ('{other}', '{}')",
        ACME.contact
    );
    all + &text(app, &people).await
}

#[tokio::test]
async fn a_merge_that_is_undone_brings_all_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    fill(&app, &mut mia, &other).await;
    let before = everything(&app, &other).await;
    let more = "stays=one&field.email=other&field.city=other&field.phone=other&field.last_name=other&field.customer_code=other";
    merge(&mut mia, &other, more).await;
    assert_ne!(everything(&app, &other).await, before);
    assert!(mia.get(ZOE).await.text().contains("Zoe Twice"), "the name was taken");

    undo(&app, &mut mia).await;

    assert_eq!(everything(&app, &other).await, before);
    let page = mia.get(&format!("{CONTACTS}/{other}")).await;
    assert_eq!(page.status, 200);
    for shown in ["Likes red", "The merge with Zoe of Acme was undone, by Mia Marketer", "zoe@second.test"] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert!(!mia.get(ZOE).await.text().contains("Undo the merge with Zoe Twice"));
    let lines = "select count(*) from audit_log where action in ('contacts.merged', 'contacts.unmerged')";
    assert_eq!(app.stored::<i64>(lines).await, 2);
}

#[tokio::test]
async fn what_was_said_and_changed_meanwhile_outlives_the_undo() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    merge(&mut mia, &other, "stays=one&field.email=one&field.city=other&field.phone=other").await;
    let form = "email=zoe@acme-customer.test&first_name=Zoe&last_name=of+Acme&company=Roadrunner&phone=%2B4930901820&city=Basel&stage=lead";
    assert_eq!(mia.post(ZOE, form).await.status, 303);
    // She asks for no more mail while they are one.
    let sql = format!(
        "insert into consents (organization_id, contact_id, id, state, source, recorded_at)
         values ('{}', '{}', 'ffffffff-ffff-7fff-8000-000000000001', 'withdrawn', 'one_click', now())",
        ACME.org, ACME.contact
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    undo(&app, &mut mia).await;
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("Changed since, and left as it is: City."), "{page}");
    assert!(page.contains("City Basel") && !page.contains("+4930901820"), "{page}");
    let page = mia.get(&format!("{CONTACTS}/{other}")).await.text();
    assert!(page.contains("Consent Unsubscribed") && page.contains("City Ulm"), "{page}");
}

#[tokio::test]
async fn an_address_that_somebody_else_came_by_meanwhile_stays_theirs() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    merge(&mut mia, &other, "stays=one&field.email=other").await;
    // Neither is known by the old one any more, and somebody new comes with it.
    let mine =
        "delete from contact_identities where kind = 'email' and value_norm = 'zoe@acme-customer.test'";
    sqlx::query(mine).execute(&app.owner).await.unwrap();
    added(&mut mia, "email=zoe@acme-customer.test&first_name=New").await;
    undo(&app, &mut mia).await;
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("left as it is: E-mail"), "{page}");
    let whose = "select string_agg(first_name, ' ') from contacts where email = 'zoe@acme-customer.test'";
    assert_eq!(app.stored::<String>(whose).await, "New");
}

#[tokio::test]
async fn each_says_again_what_it_said_before_once_a_merge_is_undone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    let sql = format!(
        "insert into consents (organization_id, contact_id, id, state, source, recorded_at)
         values ('{0}', '{1}', '01900000-0000-7000-8000-000000000001', 'granted', 'staff', now()),
                ('{0}', '{other}', '01900000-0000-7000-8000-000000000002', 'withdrawn', 'one_click', now())",
        ACME.org, ACME.contact
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
    merge(&mut mia, &other, "stays=one&field.email=one").await;
    assert!(mia.get(ZOE).await.text().contains("Consent Unsubscribed"));
    undo(&app, &mut mia).await;
    let zoe = mia.get(ZOE).await.text();
    assert!(!zoe.contains("Consent Unsubscribed"), "she never took it back: {zoe}");
    let two = mia.get(&format!("{CONTACTS}/{other}")).await.text();
    assert!(two.contains("Consent Unsubscribed"), "{two}");
}

#[tokio::test]
async fn a_second_tab_and_a_second_undo_are_told_what_happened() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let other = zoe_twice(&mut mia).await;
    let path = format!("{ZOE}/merge/{other}");
    let seen = mia.get(&path).await.field("seen");
    assert_eq!(mia.post(&format!("{CONTACTS}/{other}/notes"), "note=Hm").await.status, 303);
    app.app.clock.advance(TimeDelta::seconds(1));
    mia.post(&format!("{CONTACTS}/{other}/standing/stage"), "to=customer").await;
    let stale = mia.post(&path, &format!("seen={seen}&stays=one")).await;
    assert_eq!(stale.header("location"), path);
    assert!(mia.get(&path).await.text().contains("changed meanwhile"));

    merge(&mut mia, &other, "stays=one").await;
    mia.get(ZOE).await;
    let again = mia.post(&path, &format!("seen={seen}&stays=other")).await;
    assert_eq!(again.header("location"), ZOE);
    assert!(mia.get(ZOE).await.text().contains("One of the two was merged meanwhile"));
    let merges = "select count(*) from contact_merges where organization_id::text like '%a'";
    assert_eq!(app.stored::<i64>(merges).await, 2, "the town has one");

    // What was merged into a record that became part of another goes there too, and comes back last first.
    let third = added(&mut mia, "email=third@x.test&first_name=Third").await;
    assert_eq!(merge(&mut mia, &third, "stays=other").await, format!("{CONTACTS}/{third}"));
    assert_eq!(
        mia.get(&format!("{CONTACTS}/{other}")).await.header("location"),
        format!("{CONTACTS}/{third}")
    );
    let first = text(&app, &format!("select id::text from contact_merges where loser_id = '{other}'")).await;
    let early = mia.post(&format!("{ZOE}/merges/{first}/undo"), "").await;
    assert_eq!(early.header("location"), format!("{CONTACTS}/{third}"));
    assert!(mia.get(&format!("{CONTACTS}/{third}")).await.text().contains("Undo that merge first"));
    let last = text(&app, &format!("select id::text from contact_merges where winner_id = '{third}'")).await;
    assert_eq!(mia.post(&format!("{CONTACTS}/{third}/merges/{last}/undo"), "").await.status, 303);
    assert_eq!(mia.get(ZOE).await.status, 200);
    assert_eq!(mia.get(&format!("{CONTACTS}/{other}")).await.header("location"), ZOE);
    for _ in 0..2 {
        mia.post(&format!("{ZOE}/merges/{first}/undo"), "").await;
    }
    assert!(mia.get(ZOE).await.text().contains("undone already"));
}

/// What names a contact and does not go along, and why.
const NOT_CARRIED: &[(&str, &str)] = &[
    ("consents", "read through: the ledger only grows, and who stays says anew what counts"),
    ("events", "read through: never changed, the timeline and segments take all ids"),
    ("recipients", "left: what was sent, to whom as they were; its links mean who stays"),
    ("link_clicks", "left: what was followed in what was sent"),
    ("erasures", "left: whom one is about is gone, or about to be"),
    ("score_holdings", "left: points are worked out anew for who stays"),
    ("score_entries", "left: the ledger of who was merged says why they had points"),
    ("contact_change_people", "left: who was merged was changed since, and taking a change back leaves them"),
    ("import_changes", "left: who was merged was changed since, and an undo leaves them"),
];

#[tokio::test]
async fn every_table_that_names_a_contact_goes_along_or_says_why_not() {
    let app = TestApp::new().await;
    let sql = "select distinct c.table_name::text from information_schema.columns c
                 join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
                where c.table_schema = 'public' and c.column_name = 'contact_id' and t.table_type = 'BASE TABLE'
                  and c.table_name !~ '^events_[0-9]+$'
                order by 1";
    let there: Vec<String> = sqlx::query_scalar(sql).fetch_all(&app.owner).await.unwrap();
    let mut named: Vec<String> = app::carriers().tables().into_iter().map(str::to_owned).collect();
    named.extend(NOT_CARRIED.iter().map(|(table, _)| (*table).to_owned()));
    named.sort();
    assert_eq!(there, named, "tests/it/contacts/merging.rs or app::carriers must name each table");
}
