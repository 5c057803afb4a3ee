//! Files that know people by something else than their e-mail address.

use super::imports::{import, upload};
use crate::support::{Browser, TestApp, tenant::ACME};

const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

async fn add(browser: &mut Browser, form: &str) -> String {
    let reply = browser.post("/w/acme/contacts", form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

/// How an import ended, as its page says.
async fn ended(browser: &mut Browser, at: &str) -> String {
    let page = browser.get(at).await.text();
    page.split("How it stands").nth(1).unwrap_or(&page).to_owned()
}

async fn refused(browser: &mut Browser, at: &str) -> String {
    browser.get(&format!("{at}/refused")).await.body
}

const BY_CODE: &str = "column.0=customer_code&column.1=first_name&column.2=email&has_header=on\
                       &known_by=customer_code&consent=granted&wording=Signed+a+card";

#[tokio::test]
async fn a_file_without_addresses_is_imported_by_customer_number_and_taken_back_exactly() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "first_name=Ann&customer_code=K-1").await;
    add(&mut mia, "first_name=Bo&customer_code=K-2&email=bo@x.test").await;
    add(&mut mia, "first_name=Cleo&customer_code=K-3&email=cleo@x.test").await;
    let named = "select string_agg(concat_ws(':', customer_code, first_name, email), ' ' order by customer_code, first_name)
                   from contacts where organization_id::text like '%a' and customer_code <> ''";
    let before: String = app.stored(named).await;
    sqlx::query("insert into suppressions (organization_id, address_hash, address, reason, created_at)
                 select $1::uuid, app.address_hash($1::uuid, 'cleo@x.test'), 'cleo@x.test', 'complaint', now()")
        .bind(ACME.org)
        .execute(&app.owner)
        .await
        .unwrap();

    let file = b"No,First,Mail\nK-1,Anna,ann@new.test\nK-2,Bo,\nK-3,Cleo,cleo@else.test\nK-4,Dee,\nK-4,Dan,\n,Eve,eve@x.test\n\
                 K-6,Fay,zoe@acme-customer.test\nK-7,Gil,ann@new.test\n";
    let at = import(&app, &mut mia, file, &format!("{BY_CODE}&mode=overwrite")).await;
    let page = ended(&mut mia, &at).await;
    assert!(page.contains("Added 1 Updated 1 Unchanged 1 Refused 5"), "{page}");
    let lines = refused(&mut mia, &at).await;
    for line in [
        "4,Nothing is sent to the address that they have.",
        "6,The same customer number is in line 5 already.",
        "7,There is no customer number in this line.",
        "8,Somebody else here has this e-mail address.",
        "9,The same e-mail address is in a line before this one.",
    ] {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    let now: String = app.stored(named).await;
    assert_eq!(now, "K-1:Anna:ann@new.test K-2:Bo:bo@x.test K-3:Cleo:cleo@x.test K-4:Dee");
    let said = "select string_agg(first_name, ' ' order by first_name) from consents k join contacts c on c.id = k.contact_id
                 where k.source = 'import'";
    assert_eq!(app.stored::<String>(said).await, "Anna Bo", "nobody without an address agreed to mail");

    mia.post(&format!("{at}/undo"), "").await;
    app.work().await;
    assert_eq!(app.stored::<String>(named).await, before);
    let known = "select string_agg(kind || ':' || value, ' ' order by value) from contact_identities
                  where organization_id::text like '%a' and value ~ 'ann|K-'";
    assert_eq!(app.stored::<String>(known).await, "customer_code:K-1 customer_code:K-2 customer_code:K-3");
}

#[tokio::test]
async fn a_number_is_the_same_however_it_is_typed_and_one_of_several_people_is_nobody_s() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    sqlx::query("update organizations set time_zone = 'Europe/Berlin'").execute(&app.owner).await.unwrap();
    add(&mut mia, "first_name=Ann&phone=030+901820").await;
    add(&mut mia, "first_name=Bo&phone=%2B49+221+2210").await;
    // As they came before numbers were looked at.
    let twin = "insert into contacts (organization_id, id, first_name, phone, customer_code, created_at, updated_at)
                select $1::uuid, gen_random_uuid(), n, '0221 2210', 'TWIN', now(), now() from unnest(array['Cy', 'Di']) n";
    sqlx::query(twin).bind(ACME.org).execute(&app.owner).await.unwrap();

    let decided = "column.0=phone&column.1=city&has_header=on&mode=fill&known_by=phone&consent=unknown";
    let file = b"Tel,City\n+49 (0)30 90 18 20,Berlin\n0221 2210,Bonn\n12,Ulm\n,Kiel\n0049 30 901820,Essen\n0341 1230,Leipzig\n";
    let at = import(&app, &mut mia, file, decided).await;
    let page = ended(&mut mia, &at).await;
    assert!(page.contains("Added 1 Updated 1 Unchanged 0 Refused 4"), "{page}");
    let lines = refused(&mut mia, &at).await;
    for line in [
        "3,\"Several people here have this phone number. Merge them, or take it from all but one.\"",
        "4,\"The phone number is not one.",
        "5,There is no phone number in this line.",
        "6,The same phone number is in line 2 already.",
    ] {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    let ann: String = app.stored("select phone || ' ' || city from contacts where first_name = 'Ann'").await;
    assert_eq!(ann, "030 901820 Berlin", "as it was typed");

    let by_code = "column.0=customer_code&has_header=on&mode=fill&known_by=customer_code&consent=unknown";
    let at = import(&app, &mut mia, b"No\nTWIN\n", by_code).await;
    assert!(refused(&mut mia, &at).await.contains("2,\"Several people here have this customer number."));
}

#[tokio::test]
async fn what_is_somebody_else_s_is_refused_whichever_way_it_is_theirs() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let ann = add(&mut mia, "first_name=Ann&customer_code=K-1&email=ann@x.test&phone=%2B49+30+901820").await;
    add(&mut mia, "first_name=Bo&customer_code=K-2&email=bo@x.test").await;
    mia.post(&format!("{ann}/identities"), "kind=email&value=ann@home.test").await;
    mia.post(&format!("{ann}/identities"), "kind=external_id&value=X-1").await;

    // An id of another system, in a file that knows people by their addresses.
    let by_mail = "column.0=email&column.1=external_id&has_header=on&consent=unknown&mode=overwrite";
    let at = import(&app, &mut mia, b"Mail,Id\nbo@x.test,X-1\nnew@x.test,X-1\n", by_mail).await;
    let lines = refused(&mut mia, &at).await;
    assert!(lines.contains("2,Somebody else here has this external id."), "{lines}");
    assert!(ended(&mut mia, &at).await.contains("Added 0 Updated 0 Unchanged 0 Refused 2"));

    // Another address of theirs, and one that they have beside the one they are written to at.
    let file = b"No,First,Mail\nK-2,Bo,ann@x.test\nK-2b,Cy,ann@home.test\n";
    let at = import(&app, &mut mia, file, &format!("{BY_CODE}&mode=overwrite")).await;
    let lines = refused(&mut mia, &at).await;
    for line in
        ["2,Somebody else here has this e-mail address.", "3,Somebody else here has this e-mail address."]
    {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    let beside = import(
        &app,
        &mut mia,
        b"No,First,Mail\nK-1,Ann,ann@home.test\n",
        &format!("{BY_CODE}&mode=overwrite"),
    )
    .await;
    assert!(ended(&mut mia, &beside).await.contains("Unchanged 1 Refused 0"));
    let mail: String = app.stored("select email from contacts where first_name = 'Ann'").await;
    assert_eq!(mail, "ann@x.test", "an address beside it stays beside it");

    // A number stays as it was typed where people are known by it, also where a file writes over what is there.
    let by_phone = "column.0=phone&column.1=city&has_header=on&mode=overwrite&known_by=phone&consent=unknown";
    import(&app, &mut mia, b"Tel,City\n004930901820,Ulm\n", by_phone).await;
    let ann: String = app.stored("select phone || ' ' || city from contacts where first_name = 'Ann'").await;
    assert_eq!(ann, "+49 30 901820 Ulm");
}

#[tokio::test]
async fn a_customer_number_that_is_one_person_s_by_name_and_another_s_by_what_they_are_known_by_is_nobody_s()
{
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    add(&mut mia, "first_name=Ann&customer_code=K-1&email=ann@x.test").await;
    let bo = add(&mut mia, "first_name=Bo&email=bo@x.test").await;
    let bo = bo.rsplit('/').next().unwrap().to_owned();
    // As it came before numbers were kept apart.
    sqlx::query("update contacts set customer_code = '' where first_name = 'Ann'")
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query("update contacts set customer_code = 'K-1' where id::text = $1")
        .bind(bo)
        .execute(&app.owner)
        .await
        .unwrap();
    let by_code =
        "column.0=customer_code&column.1=city&has_header=on&mode=fill&known_by=customer_code&consent=unknown";
    let at = import(&app, &mut mia, b"No,City\nK-1,Ulm\n", by_code).await;
    assert!(refused(&mut mia, &at).await.contains("2,\"Several people here have this customer number."));
}

#[tokio::test]
async fn ids_of_another_system_are_kept_and_find_who_they_are_of() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = upload(&mut mia, b"External ID,E-mail\nX-1,a@x.test\n").await;
    let page = mia.get(&format!("{page}/match")).await;
    assert!(page.body.contains("value=\"external_id\" selected"), "{}", page.body);
    let decided = "column.0=external_id&column.1=email&column.2=city&has_header=on&consent=unknown";
    let file = b"Id,Mail,City\nX-1,zoe@acme-customer.test,\nX-2,bo@x.test,\nX-1,cy@x.test,\n";
    let first = import(&app, &mut mia, file, &format!("{decided}&mode=fill")).await;
    let page = ended(&mut mia, &first).await;
    assert!(page.contains("Added 1 Updated 1 Unchanged 0 Refused 1"), "{page}");
    assert!(mia.get(ZOE).await.text().contains("External id X-1"));

    let by_id = format!("{decided}&mode=fill&known_by=external_id");
    let file = b"Id,Mail,City\nX-1,,Ulm\nX-2,bo@x.test,Bonn\nX-3,bo@x.test,Kiel\nX-4,,Jena\n";
    let second = import(&app, &mut mia, file, &by_id).await;
    let page = ended(&mut mia, &second).await;
    assert!(page.contains("Added 1 Updated 2 Unchanged 0 Refused 1"), "{page}");
    for at in [&second, &first] {
        mia.post(&format!("{at}/undo"), "").await;
        app.work().await;
    }
    let left = "select count(*) from contact_identities where kind = 'external_id' and value like 'X-%'";
    assert_eq!(app.stored::<i64>(left).await, 0);
}

#[tokio::test]
async fn the_column_of_the_key_has_to_be_there() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let at = upload(&mut mia, b"a,b\n1,2\n").await;
    for (form, told) in [
        ("column.0=city&mode=fill&consent=unknown&known_by=phone", "Say which column holds the phone number"),
        ("column.0=email&mode=fill&consent=unknown&known_by=king", "Choose what people are told apart by."),
    ] {
        let wrong = mia.post(&format!("{at}/match"), form).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
}
