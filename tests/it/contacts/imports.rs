//! A file of people, from the upload to the undo, as somebody at the screen sees it.

use axum::http::Method;

use crate::support::{Browser, TestApp, tenant::ACME};

const IMPORTS: &str = "/w/acme/contacts/imports";

/// A form that sends this file, with the header that says so.
pub(crate) fn file(name: &str, bytes: &[u8]) -> (Vec<u8>, (&'static str, &'static str)) {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
    (body, ("content-type", "multipart/form-data; boundary=b"))
}

/// Uploads a file and gives the address of its import.
pub(crate) async fn upload(browser: &mut Browser, bytes: &[u8]) -> String {
    let (body, kind) = file("people.csv", bytes);
    let reply = browser.send_bytes(Method::POST, IMPORTS, &body, &[kind]).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").trim_end_matches("/match").to_owned()
}

/// Matches, looks and imports, with what was decided.
pub(crate) async fn import(app: &TestApp, browser: &mut Browser, bytes: &[u8], decided: &str) -> String {
    let at = upload(browser, bytes).await;
    let matched = browser.post(&format!("{at}/match"), decided).await;
    assert_eq!(matched.status, 303, "{}", matched.text());
    app.work().await;
    assert_eq!(browser.post(&format!("{at}/start"), "").await.status, 303);
    app.work().await;
    at
}

const THREE: &str =
    "column.0=email&column.1=first_name&column.2=city&has_header=on&mode=fill&consent=unknown";

#[tokio::test]
async fn columns_are_guessed_and_nothing_happens_before_it_was_looked_at() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let at = upload(&mut mia, "E-Mail;Vorname;Ort\nann@x.test;Ann;Köln\nnope;Bo;Ulm\n".as_bytes()).await;
    let page = mia.get(&format!("{at}/match")).await;
    for guessed in ["value=\"email\" selected", "value=\"first_name\" selected", "value=\"city\" selected"] {
        assert!(page.body.contains(guessed), "{guessed}: {}", page.body);
    }
    assert!(page.text().contains("ann@x.test · nope"), "{}", page.text());

    let refused =
        mia.post(&format!("{at}/match"), "column.0=city&column.1=city&mode=fill&consent=granted").await;
    assert_eq!(refused.status, 422);
    for told in ["holds the e-mail address", "Another column goes", "Write down how and when they agreed"] {
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
    }
    mia.post(&format!("{at}/match"), THREE).await;
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(
        page.contains("Ready to import") && page.contains("New 1") && page.contains("Refused 1"),
        "{page}"
    );
    let people: i64 = app.stored("select count(*) from contacts where email = 'ann@x.test'").await;
    assert_eq!(people, 0, "looking writes nothing");
}

#[tokio::test]
async fn every_line_is_added_changed_left_or_refused_with_its_reason() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let bytes = b"mail,name,city\n\
        \xa0ann@x.test,Ann,K\xf6ln\n\
        \"bo@x.test\",\"Bo \"\"the\"\" Bo\",\"Ulm\nam See\"\n\
        ann@x.test,Ann again,Bonn\n\
        zoe@acme-customer.test,Zelda,Aachen\n\
        nobody,No,Nowhere\n\
        ,Nameless,\n\
        too,few\n\
        =cmd,=1+1,x\n";
    let at = import(&app, &mut mia, bytes, THREE).await;
    let page = mia.get(&at).await.text();
    for number in ["Imported", "Added 2", "Updated 1", "Unchanged 0", "Refused 5"] {
        assert!(page.contains(number), "{number}: {page}");
    }
    let ann: String = app
        .stored("select concat_ws('|', first_name, city, source) from contacts where email = 'ann@x.test'")
        .await;
    assert_eq!(ann, "Ann|Köln|Import of people.csv");
    let zoe: String = app
        .stored(
            "select concat_ws('|', first_name, city) from contacts where email = 'zoe@acme-customer.test'",
        )
        .await;
    assert_eq!(zoe, "Zoe|Aachen", "what is there is filled in, not overwritten");

    let refused = mia.get(&format!("{at}/refused")).await;
    for line in [
        "5,The same address is in line 2 already.,ann@x.test,",
        "7,The e-mail address is not one.,nobody,",
        "8,There is no e-mail address in this line.,",
        "9,\"The line has 2 columns, the first one has 3.\",",
        "10,The e-mail address is not one.,'=cmd,'=1+1,",
    ] {
        assert!(refused.body.contains(line), "{line}:\n{}", refused.body);
    }
}

#[tokio::test]
async fn an_import_fills_a_list_and_a_new_field_and_its_undo_leaves_what_was_touched_since() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let decided = "column.0=email&column.1=%2B&has_header=on&mode=overwrite&consent=granted\
                   &wording=Ticked+a+box+in+the+shop&new_list=Shop";
    let at = import(
        &app,
        &mut mia,
        b"email,Shoe Colour\nann@x.test,red\nbo@x.test,blue\nzoe@acme-customer.test,green\n",
        decided,
    )
    .await;
    let held =
        "select concat_ws(' ', (select count(*) from contact_list_members where source like 'import%'),
                   (select count(*) from consents where source = 'import'),
                   (select string_agg(custom->>'shoe_colour', ',' order by email) from contacts
                     where organization_id::text like '%a'))";
    assert_eq!(app.stored::<String>(held).await, "3 2 red,blue,green", "Zoe had said something herself");

    let bo: String = app.stored("select id::text from contacts where email = 'bo@x.test'").await;
    app.app.clock.advance(chrono::TimeDelta::minutes(5));
    mia.post(&format!("/w/acme/contacts/{bo}"), "email=bo@x.test&first_name=Bo").await;
    assert_eq!(mia.post(&format!("{at}/undo"), "").await.status, 303);
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(page.contains("1 removed, 1 as they were before; 1 kept"), "{page}");
    let left: String = app
        .stored("select string_agg(email || coalesce(custom->>'shoe_colour', ''), ' ' order by email) from contacts
                  where organization_id::text like '%a'")
        .await;
    assert_eq!(left, "bo@x.test zoe@acme-customer.test");
}

#[tokio::test]
async fn what_is_no_table_is_refused_beside_the_field() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    for (bytes, told) in [
        (&b"PK\x03\x04rest"[..], "This is no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0rest", "This workbook is locked, or of an old kind"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "There is no card with anything in it"),
        (b"\x7fELF\0\0\0\0\0\0\0\x01\0", "This is no text"),
        (b"  \n", "The file is empty"),
        (b"", "The file is empty"),
    ] {
        let (body, kind) = file("people.csv", bytes);
        let reply = mia.send_bytes(Method::POST, IMPORTS, &body, &[kind]).await;
        assert_eq!(reply.status, 422, "{told}");
        assert!(reply.text().contains(told), "{told}: {}", reply.text());
    }
    let reply = mia.send_bytes(
        Method::POST,
        IMPORTS,
        b"--b--\r\n",
        &[("content-type", "multipart/form-data; boundary=b")],
    );
    assert!(reply.await.text().contains("Choose a file."));
}

#[tokio::test]
async fn an_address_that_nothing_is_sent_to_stays_so_when_an_import_of_it_is_undone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let decided = "column.0=email&has_header=on&mode=fill&consent=granted&wording=Signed+a+card";
    let at = import(&app, &mut mia, b"Mail\nann@x.test\nbo@x.test\n", decided).await;
    // Ann complains while she is there; Bo is kept from it by hand.
    let kept = "insert into suppressions (organization_id, address_hash, address, reason, created_at)
                select organization_id, app.address_hash(organization_id, email), email,
                       case first_name when '' then 'complaint' else 'manual' end, now()
                  from contacts where email like '%@x.test'";
    sqlx::query(kept).execute(&app.owner).await.unwrap();
    mia.post(&format!("{at}/undo"), "").await;
    app.work().await;
    assert!(mia.get(&at).await.text().contains("2 removed"), "{}", mia.get(&at).await.text());
    assert_eq!(app.stored::<i64>("select count(*) from suppressions where address like '%@x.test'").await, 2);

    let again = import(&app, &mut mia, b"Mail\nANN@x.test\nbo@x.test\n", decided).await;
    let page = mia.get(&again).await.text();
    assert!(page.contains("Added 2"), "{page}");
    let agreed = "select count(*) from consents k join contacts c on c.id = k.contact_id where c.email like '%@x.test'";
    assert_eq!(app.stored::<i64>(agreed).await, 0, "nobody agreed for them");
}

/// UPL-5: ten thousand people who said no, imported again with “they agreed”.
#[tokio::test]
async fn nobody_who_said_no_comes_back_by_an_import() {
    let app = TestApp::new().await.leaves_jobs();
    let people = "insert into contacts (organization_id, id, email, created_at, updated_at)
         select $1::uuid, md5('c' || n)::uuid, 'p' || n || '@no.test', now(), now() from generate_series(1, 10000) n";
    sqlx::query(people).bind(ACME.org).execute(&app.owner).await.unwrap();
    let said = "insert into consents (organization_id, contact_id, id, state, paused_until, source, recorded_at)
         select organization_id, id, id, case hashtext(email) % 2 when 0 then 'withdrawn' else 'paused' end,
                case hashtext(email) % 2 when 0 then null else now() + interval '30 days' end, 'preferences', now()
           from contacts where email like '%@no.test' and hashtext(email) % 3 <> 0";
    sqlx::query(said).execute(&app.owner).await.unwrap();
    let kept = "insert into suppressions (organization_id, address_hash, address, reason, created_at)
         select organization_id, app.address_hash(organization_id, email), email, 'complaint', now()
           from contacts where email like '%@no.test' and hashtext(email) % 3 = 0";
    sqlx::query(kept).execute(&app.owner).await.unwrap();

    let mut mia = app.sign_in("mia@acme.test").await;
    let lines: String = (1..=10_000).map(|n| format!("P{n}@NO.test,Ann\n")).collect();
    let decided = "column.0=email&column.1=first_name&mode=overwrite&consent=granted&wording=They+said+so";
    let at = import(&app, &mut mia, lines.as_bytes(), decided).await;
    let page = mia.get(&at).await.text();
    assert!(page.contains("Updated 10,000") && page.contains("Imported"), "{page}");
    let back: i64 = app
        .stored(
            "select count(*) from contacts c where email like '%@no.test'
                and not exists (select 1 from suppressions s where s.address = c.email)
                and (select state from consents k where k.contact_id = c.id order by k.recorded_at desc, k.id desc limit 1) = 'granted'",
        )
        .await;
    let granted: i64 =
        app.stored("select count(*) from consents where state = 'granted' and source = 'import'").await;
    assert_eq!((back, granted), (0, 0));
}
