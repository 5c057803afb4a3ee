//! A view of the contacts as a file.

use chrono::TimeDelta;
use groundswell::contacts::contact::FIELDS;

use crate::{
    contacts::imports::import,
    support::{Browser, TestApp},
};

const EXPORTS: &str = "/w/acme/contacts/exports";

/// Orders what the view holds, lets it be written, and gives where it is shown.
async fn ordered(app: &TestApp, mia: &mut Browser, view: &str) -> String {
    let view: String = form_urlencoded::byte_serialize(view.as_bytes()).collect();
    let reply = mia.post(EXPORTS, &format!("view={view}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    app.work().await;
    reply.header("location").to_owned()
}

async fn fetched(mia: &mut Browser, export: &str) -> String {
    let reply = mia.post(&format!("{export}/file"), "").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-length"), reply.body.len().to_string());
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"contacts-2026-"));
    reply.body
}

#[tokio::test]
async fn a_file_holds_whom_the_view_holds_and_runs_nothing_in_a_spreadsheet() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for form in [
        "email=ann@many.test&first_name=%3DHYPERLINK(1)&last_name=%22O%22,+Ann&city=Ulm&phone=%2B49+731&stage=customer",
        "email=bo@many.test&city=Bonn",
    ] {
        assert_eq!(mia.post("/w/acme/contacts", form).await.status, 303);
    }

    let export = ordered(&app, &mut mia, "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=ulm").await;

    let page = mia.get(&export).await.text();
    assert!(page.contains("Ready") && page.contains("1 person, "), "{page}");
    let table = fetched(&mut mia, &export).await;
    let mut lines = table.trim_start_matches('\u{feff}').lines();
    assert!(
        lines.next().unwrap().starts_with("E-mail,First name,Last name,Phone,Company,Job title,"),
        "{table}"
    );
    let ann = lines.next().unwrap();
    assert!(ann.starts_with("ann@many.test,'=HYPERLINK(1),\"\"\"O\"\", Ann\",'+49 731,"), "{ann}");
    assert!(ann.contains(",Customer,,Typed in,2026-"), "{ann}");
    assert_eq!(lines.next(), None);
    let log = "select string_agg(action, ' ' order by seq) from audit_log where action like 'exports.%'";
    assert_eq!(app.stored::<String>(log).await, "exports.ordered exports.fetched");
}

#[tokio::test]
async fn a_file_has_the_columns_of_the_view_where_somebody_wants_those_only() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post("/w/acme/settings/fields", "label=Roof+area&kind=number").await.status, 303);
    let form = "email=ann@many.test&first_name=%3DHYPERLINK(1)&city=%2BUlm&stage=mql&custom.roof_area=38.5";
    assert_eq!(mia.post("/w/acme/contacts", form).await.status, 303);

    let view = "q=many.test&cols=city,custom.roof_area,stage,lead_score,gone,added";
    let export = ordered(&app, &mut mia, &format!("{view}&columns=all")).await;
    assert!(fetched(&mut mia, &export).await.contains("E-mail,First name,Last name,"), "all is the rule");
    let chosen: String = form_urlencoded::byte_serialize(view.as_bytes()).collect();
    let reply = mia.post(EXPORTS, &format!("view={chosen}&columns=view")).await;
    app.work().await;

    let table = fetched(&mut mia, reply.header("location")).await;
    let (head, ann) = table.trim_start_matches('\u{feff}').split_once("\r\n").unwrap();
    assert_eq!(head, "Name,City,Roof area,Stage,Lead score,Added");
    assert!(ann.starts_with("'=HYPERLINK(1),'+Ulm,38.5,Marketing qualified,0,2026-"), "{ann}");
    assert!(mia.get(reply.header("location")).await.text().contains("With the columns of the list"));
}

#[tokio::test]
async fn many_people_come_in_several_pieces_each_of_them_once_and_an_import_of_them_changes_nothing() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let names =
        ["=1+1", "+49", "-2", "@x", "'=1", "''t", "'t Hooft", "a,b", "a\"b", "a;b", "＝2", "ü\u{a0}ö"];
    let mut people = "E-mail,First name,City\r\n".to_owned();
    for n in 0..4_100 {
        let name = names[n % names.len()].replace('"', "\"\"");
        people += &format!("p{n}@many.test,\"{name}\",\"{name}\"\r\n");
    }
    let decided = |columns: &[&str]| {
        let columns = columns.iter().enumerate().map(|(n, key)| format!("column.{n}={key}&"));
        columns.collect::<String>() + "has_header=on&mode=overwrite&consent=unknown"
    };
    import(&app, &mut mia, people.as_bytes(), &decided(&["email", "first_name", "city"])).await;
    let all = "select md5(string_agg(to_jsonb(c)::text, '' order by c.id)) from contacts c where email like '%@many.test'";
    let before: String = app.stored(all).await;

    let export = ordered(&app, &mut mia, "q=many.test").await;
    let table = fetched(&mut mia, &export).await;

    assert_eq!(
        app.stored::<i64>("select count(*) from export_pieces where bytes <> 'zoe\\015\\012'").await,
        3
    );
    let addresses: std::collections::BTreeSet<&str> =
        table.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!((addresses.len(), table.lines().count()), (4_100, 4_101));
    let mut columns: Vec<&str> = FIELDS.iter().map(|field| field.key).collect();
    columns.resize(table.lines().next().unwrap().split(',').count(), "");
    let at = import(&app, &mut mia, table.as_bytes(), &decided(&columns)).await;
    let page = mia.get(&at).await.text();
    assert!(page.contains("Unchanged 4,100") && page.contains("Refused 0"), "{page}");
    assert_eq!(app.stored::<String>(all).await, before);
}

#[tokio::test]
async fn a_file_is_gone_after_a_week_and_there_for_those_who_may_export_only() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let export = ordered(&app, &mut mia, "").await;

    assert_eq!(mia.post(&format!("{export}/file"), "").await.status, 200);
    app.app.clock.advance(TimeDelta::days(8));
    assert_eq!(mia.post(&format!("{export}/file"), "").await.status, 404);
    app.skip_pauses().await;
    app.work().await;
    assert!(mia.get(&export).await.text().contains("The file is gone"));
    assert_eq!(
        app.stored::<i64>("select count(*) from export_pieces where bytes <> 'zoe\\015\\012'").await,
        0
    );

    let may = "delete from role_permissions where permission = 'contacts.export'";
    sqlx::query(may).execute(&app.owner).await.unwrap();
    assert_eq!(mia.get(EXPORTS).await.status, 403);
    assert!(!mia.get("/w/acme/contacts").await.text().contains("as CSV"));
}

#[tokio::test]
async fn a_file_is_nobody_else_s_and_not_there_from_the_end_of_its_week_on() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let export = ordered(&app, &mut mia, "").await;
    let at_home = export.replace("/w/acme/", "/w/initech/");
    let (mut ian, mut nobody) = (app.sign_in("ian@initech.test").await, app.visitor());
    for path in ["", "/file", "/stop", "/start"] {
        for from in [&export, &at_home] {
            assert_eq!(
                ian.post(&format!("{from}{path}"), "").await.status,
                if path.is_empty() { 405 } else { 404 },
                "{from}{path}"
            );
        }
    }
    for from in [&export, &at_home] {
        assert_eq!(ian.get(from).await.status, 404);
    }
    assert_ne!(nobody.post(&format!("{export}/file"), "").await.status, 200);

    app.app.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(&format!("{export}/file"), "").await.status, 200);
    app.app.clock.advance(TimeDelta::seconds(1));
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(&format!("{export}/file"), "").await.status, 404);
}

#[tokio::test]
async fn a_file_that_was_stopped_goes_on_where_it_was() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let reply = mia.post(EXPORTS, "view=").await;
    let export = reply.header("location").to_owned();

    mia.post(&format!("{export}/stop"), "").await;
    app.work().await;
    assert!(mia.get(&export).await.text().contains("It can go on from there."));
    mia.post(&format!("{export}/start"), "").await;
    app.work().await;

    assert!(fetched(&mut mia, &export).await.contains("zoe@acme-customer.test"));
}
