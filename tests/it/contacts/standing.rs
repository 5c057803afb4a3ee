//! Stage, lead status and owner of one person: changed in place, told on their timeline, asked for by segments.

use super::imports::import;
use crate::support::{Browser, TestApp, tenant::ACME};

const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

async fn put(browser: &mut Browser, fact: &str, to: &str) {
    let reply = browser.post(&format!("{ZOE}/standing/{fact}"), &format!("to={to}")).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, ZOE), "{}", reply.text());
}

#[tokio::test]
async fn each_change_is_told_with_what_it_was_and_who_did_it_and_who_leaves_owns_nobody() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let rule = format!(
        "name=Of+Vic&join.0=all&about.0.0=field:owner_id&is.0.0=is&value.0.0.0={vic}\
         &about.0.1=field:lead_status&is.0.1=is&value.0.1.0=qualified",
        vic = ACME.people[2]
    );
    let vics = mia.post("/w/acme/contacts/segments", &rule).await.header("location").to_owned();
    let members = async || {
        app.told().await;
        let sql = "select count(*) from contact_list_members m join contact_lists l on l.id = m.list_id where l.name = 'Of Vic'";
        app.stored::<i64>(sql).await
    };
    assert_eq!(members().await, 0);

    put(&mut mia, "lead_status", "qualified").await;
    put(&mut mia, "owner", ACME.people[2]).await;
    put(&mut mia, "stage", "customer").await;
    put(&mut mia, "stage", "customer").await;
    let page = mia.get(ZOE).await.text();
    for told in [
        "Lead status: New → Qualified, by Mia",
        "Owner: nobody → Vic Viewer, by Mia Marketer",
        "Stage: Lead → Customer, by Mia",
    ] {
        assert_eq!(page.matches(told).count(), 1, "{told}: {page}");
    }
    assert_eq!(members().await, 1);
    assert!(
        mia.get(&vics).await.text().contains("whose owner is “Vic Viewer”"),
        "{}",
        mia.get(&vics).await.text()
    );

    let wrong = mia.post(&format!("{ZOE}/standing/owner"), "to=nobody-here").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Choose from the list: this is no longer in it."), "{}", wrong.text());
    assert_eq!(mia.post(&format!("{ZOE}/standing/name"), "to=x").await.status, 404);

    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.post(&format!("{ZOE}/standing/stage"), "to=lead").await.status, 403);
    assert!(!vic.get(ZOE).await.body.contains("/standing/"));
    let mut olga = app.sign_in("olga@acme.test").await;
    assert_eq!(olga.post(&format!("/w/acme/people/{}/remove", ACME.people[2]), "").await.status, 303);
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("Owner Nobody") && page.contains("→ Vic Viewer"), "{page}");
    assert_eq!(members().await, 1, "a rule that names nobody any more leaves who is there");
}

#[tokio::test]
async fn an_import_brings_stage_and_status_and_its_undo_takes_them_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let decided =
        "column.0=email&column.1=stage&column.2=lead_status&has_header=on&mode=overwrite&consent=unknown";
    let at = import(
        &app,
        &mut mia,
        b"email,Lifecycle,Lead status\nann@x.test,Customer,converted\nzoe@acme-customer.test,sql,\nbo@x.test,,hot\n",
        decided,
    )
    .await;
    let standing =
        "select string_agg(lifecycle_stage || ' ' || lead_status, ', ' order by email) from contacts";
    let standing = format!("{standing} where email in ('ann@x.test', 'zoe@acme-customer.test')");
    let stored = async || {
        sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(standing.clone())).fetch_one(&app.owner).await
    };
    assert_eq!(stored().await.unwrap(), "customer converted, sql new");
    let refused = mia.get(&format!("{at}/refused")).await;
    assert!(refused.body.contains("“hot” is no lead status. There are New, Contacted"), "{}", refused.body);
    assert!(mia.get(ZOE).await.text().contains("Stage: Lead → Sales qualified, by an import"));

    assert_eq!(mia.post(&format!("{at}/undo"), "").await.status, 303);
    app.work().await;
    assert_eq!(stored().await.unwrap(), "lead new");
}
