//! LAW-9: after an erasure nothing of a person is anywhere, but counts and a hash.

use groundswell::{audit::verify::verify, privacy::erasing::reapply, tenancy::OrgId};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    olga,
    planted::{self, WORD, plant},
    privacy, run,
};
use crate::{
    audit::chain::look,
    campaigns::town,
    contacts::imports::import,
    support::{Browser, TestApp, tenant::ACME},
};

const ERASE: &str = "confirmation=zoe%40acme-customer.test";

/// Asks for Zoe to be erased; gives where the report is.
async fn asked(olga: &mut Browser, confirmation: &str) -> String {
    let reply = olga.post(&format!("{}/erase", privacy()), confirmation).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

/// Every column of every table in which this stands, whatever it is made of.
async fn found(app: &TestApp, word: &str) -> Vec<String> {
    let columns = "select c.relname::text, a.attname::text, format_type(a.atttypid, null)
          from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
           and c.relname <> '_sqlx_migrations'
           and format_type(a.atttypid, null) in ('text', 'text[]', 'character varying', 'jsonb', 'json', 'bytea', 'inet')";
    let columns: Vec<(String, String, String)> = sqlx::query_as(columns).fetch_all(&app.owner).await.unwrap();
    assert!(columns.len() > 200, "{}", columns.len());
    let mut found = Vec::new();
    for (table, column, kind) in columns {
        let text =
            if kind == "bytea" { format!("encode({column}, 'escape')") } else { format!("{column}::text") };
        let sql = format!("select count(*) from {table} where position('{word}' in lower({text})) > 0");
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&app.owner).await.unwrap();
        if rows > 0 {
            found.push(format!("{table}.{column}: {rows}"));
        }
    }
    found
}

/// Rows of Acme's log that are not as they were written, beside the one that the town made up.
async fn breaks(app: &TestApp) -> usize {
    let org = Uuid::parse_str(ACME.org).unwrap();
    let found = verify(&mut look(app).await, org).await.unwrap().breaks;
    found.iter().filter(|place| place.seq > 1 && place.what == "the row was changed").count()
}

/// The numbers of a campaign's report, in their order; not those in the frame around it.
async fn numbers(browser: &mut Browser, path: &str) -> String {
    let mut report = browser.get(path).await;
    let main = report.body.split_once("<main").and_then(|(_, main)| main.split_once('>')).expect("a page").1;
    report.body = main.to_owned();
    report.text().chars().filter(|letter| letter.is_ascii_digit() || *letter == '%').collect()
}

#[tokio::test]
async fn nothing_of_an_erased_person_is_anywhere_and_counts_stay() {
    let (app, mut olga) = olga().await;
    plant(&app).await;
    // What she is called gets into the log in all the ways there are.
    let at = format!("/w/acme/contacts/{}", ACME.contact);
    assert_eq!(olga.post(&format!("{at}/notes"), "note=Called").await.status, 303);
    olga.post("/w/acme/settings/suppressions", "address=zoe@acme-customer.test").await;
    app.told().await;
    assert!(found(&app, WORD).await.len() > 50);
    let report_at = format!("/w/acme/campaigns/{}/report", ACME.sent_campaign);
    let before = numbers(&mut olga, &report_at).await;
    let counts = "select string_agg(kind || count, ' ' order by day, kind) from activity_daily";
    let days: String = app.stored(counts).await;

    let at = asked(&mut olga, &format!("confirmation={}", "Zoe.Canarius@acme-customer.test")).await;
    app.told().await;

    let report = olga.get(&at).await.text();
    assert!(report.contains("Erased") && report.contains("Notes about them 2 deleted"), "{report}");
    let kept = found(&app, WORD).await;
    assert!(kept.is_empty(), "{kept:#?}");
    for word in ["zoe@acme-customer", "zoe.canarius"] {
        assert_eq!(found(&app, word).await, Vec::<String>::new());
    }
    assert!(!report.to_lowercase().contains(WORD));
    assert_eq!(numbers(&mut olga, &report_at).await, before);
    assert!(before.len() > 10, "{before}");
    assert!(app.stored::<String>(counts).await.starts_with(&days));
    // Somebody else is as they were, but for the files that held both.
    let other = found(&app, planted::OTHER).await.join(" ");
    for place in [
        "contacts.email: 1",
        "contact_notes.body: 1",
        "recipients.merge: 1",
        "events.payload: 1",
        "tasks.title: 1",
    ] {
        assert!(other.contains(place), "{place}: {other}");
    }
    // Texts of members stay, without her.
    assert_eq!(
        app.stored::<String>("select title from tasks where title like '%mark%'").await,
        "Call [erased], mark-tasks-title"
    );
    assert_eq!(
        app.stored::<String>("select name from deals where name like '%mark%'").await,
        "For [erased], mark-deals-name"
    );
    assert_eq!(breaks(&app).await, 0);
    assert_eq!(olga.get(&privacy()).await.status, 404);
    assert_eq!(olga.get("/w/acme/settings/data").await.status, 200);
}

#[tokio::test]
async fn a_row_of_the_log_that_an_erasure_touched_is_guarded_like_any_other() {
    let (app, mut olga) = olga().await;
    let at = format!("/w/acme/contacts/{}", ACME.contact);
    assert_eq!(olga.post(&format!("{at}/notes"), "note=Called").await.status, 303);
    asked(&mut olga, ERASE).await;
    app.told().await;
    let blanked = "select count(*) from audit_log where action = 'contacts.noted' and subject_name = ''";
    assert_eq!((app.stored::<i64>(blanked).await, breaks(&app).await), (1, 0));

    run(&app, "update audit_log set actor_name = 'Somebody else' where action = 'contacts.noted'").await;

    assert_eq!(breaks(&app).await, 1);
}

#[tokio::test]
async fn nothing_is_sent_to_an_erased_person_after_another_import_and_nobody_can_lift_it() {
    let app = town::app().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    town::audience(&app, 2, None).await;
    asked(&mut olga, ERASE).await;
    app.work().await;
    let decided = "column.0=email&column.1=first_name&has_header=on&mode=fill&consent=granted&wording=At+the+fair&consent_wording=At+the+fair";
    import(&app, &mut olga, b"E-mail,First name\nZoe@acme-customer.test,Zoe\n", decided).await;
    assert_eq!(
        app.stored::<i64>("select count(*) from contacts where email = 'zoe@acme-customer.test'").await,
        1
    );

    town::begin(&app).await;
    app.work().await;

    let gone = format!(
        "select string_agg(r.skipped, '') from recipients r where r.broadcast_id = '{}' and r.address = 'zoe@acme-customer.test'",
        town::DRAFT
    );
    let skipped: String = sqlx::query_scalar(AssertSqlSafe(gone)).fetch_one(&app.owner).await.unwrap();
    assert_eq!(skipped, "suppressed");
    assert_eq!(app.stored::<i64>("select count(*) from kept_mail where recipient like 'zoe%' and organization_id = '00000000-0000-7000-8000-00000000000a'").await, 0);
    let hash: String = app
        .stored(
            "select encode(address_hash, 'hex') from suppressions where reason = 'erased' and address = ''",
        )
        .await;
    olga.post(&format!("/w/acme/settings/suppressions/{hash}/release"), "").await;
    assert_eq!(app.stored::<i64>("select count(*) from suppressions where reason = 'erased'").await, 1);
}

#[tokio::test]
async fn whoever_types_something_else_erases_nobody_and_is_told_what_to_type() {
    let (app, mut olga) = olga().await;
    let reply = olga.post(&format!("{}/erase", privacy()), "confirmation=zoe%40acme").await;
    assert_eq!(reply.status, 422);
    let page = reply.text();
    assert!(page.contains("Nobody was erased") && page.contains("zoe@acme-customer.test"), "{page}");
    assert!(reply.body.contains("value=\"zoe@acme\""), "what was typed is kept");
    app.work().await;
    assert_eq!(
        app.stored::<i64>("select count(*) from contacts where email = 'zoe@acme-customer.test'").await,
        1
    );
}

#[tokio::test]
async fn a_stop_in_the_middle_leaves_everything_and_it_goes_on_afterwards() {
    let (app, mut olga) = olga().await;
    run(
        &app,
        "create function public.full_disk() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
         grant execute on function public.full_disk() to public;
         create trigger full_disk before delete on contacts for each row execute function public.full_disk()",
    )
    .await;
    let at = asked(&mut olga, ERASE).await;
    app.work().await;

    let page = olga.get(&at).await.text();
    assert!(page.contains("the disk is full") && page.contains("tried again by itself"), "{page}");
    assert_eq!(
        app.stored::<i64>("select count(*) from contact_notes where body = 'Met at the fair'").await,
        2
    );
    for _ in 0..5 {
        app.skip_pauses().await;
        app.work().await;
    }
    let page = olga.get(&at).await.text();
    assert!(page.contains("Failed") && page.contains("Try again"), "{page}");
    run(&app, "drop trigger full_disk on contacts").await;
    assert_eq!(olga.post(&format!("{at}/retry"), "").await.status, 303);
    app.work().await;

    assert!(olga.get(&at).await.text().contains("Erased"));
    assert_eq!(
        app.stored::<i64>("select count(*) from contact_notes where body = 'Met at the fair'").await,
        1
    );
    // Asking again about somebody who is gone finds nobody.
    assert_eq!(olga.post(&format!("{}/erase", privacy()), ERASE).await.status, 404);
}

#[tokio::test]
async fn whom_a_backup_brings_back_is_erased_again_and_nobody_else() {
    let (app, mut olga) = olga().await;
    run(&app, "create table kept as select * from contacts").await;
    asked(&mut olga, ERASE).await;
    app.told().await;
    let acme: OrgId = Uuid::parse_str(ACME.org).unwrap().into();
    let log = reapply::log(&app.app, acme).await.unwrap();
    // With the record that had become part of hers.
    assert_eq!(log, [ACME.contact, ACME.other_contact].map(|id| Uuid::parse_str(id).unwrap()));
    // As in a backup from before: she is there, and her erasure is not known.
    run(
        &app,
        "alter table kept drop column sort_name, drop column search;
         delete from erasures;
         insert into contacts (organization_id, id, email, first_name, created_at, updated_at)
         select organization_id, id, email, first_name, created_at, updated_at from kept where email = 'zoe@acme-customer.test';
         drop table kept",
    )
    .await;

    assert_eq!(reapply::again(&app.app, acme, &log).await.unwrap(), 1);
    app.told().await;

    assert_eq!(found(&app, "zoe@acme-customer").await, Vec::<String>::new());
    assert_eq!(app.stored::<String>("select cause || ' ' || status from erasures").await, "backup done");
    assert_eq!(reapply::again(&app.app, acme, &log).await.unwrap(), 0);
}
