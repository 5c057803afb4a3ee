//! TEN-12: `groundswell delete-organization` leaves nothing of an organization but a line that says so.

use std::collections::BTreeMap;

use groundswell::audit::verify::verify;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::{
    running::{folder, owner_url, url},
    secrets::groundswell,
};
use crate::support::{
    TestApp, canaries,
    cluster::{Role, endpoint},
    rows,
    tenant::{ACME, INITECH, Tenant},
};

async fn run(database: &str, args: &[&str]) -> (Option<i32>, String) {
    let folder = folder(&format!("delete-{}", uuid::Uuid::new_v4()));
    let (app, owner) = (url(database), owner_url(database));
    let env = [
        ("DATABASE_URL", app.as_str()),
        ("DATABASE_OWNER_URL", owner.as_str()),
        ("GROUNDSWELL_DATA_DIR", folder.to_str().expect("text")),
    ];
    groundswell(&[&["delete-organization"], args].concat(), &env).await
}

/// What is in the database of everybody but this organization: a fingerprint of each table.
async fn of_others(owner: &PgPool, tenant: &Tenant) -> BTreeMap<String, String> {
    let mut prints = BTreeMap::new();
    for table in rows::tables(owner).await {
        let sql = format!(
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') from {table} t
              where not t::text like '%{}%' and not t::text like '%00000000-0000-7000-8000-000000000000%'",
            tenant.org
        );
        let print = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(owner).await.unwrap();
        prints.insert(table, print);
    }
    prints
}

/// Tables in which the id of this organization still stands, the installation's log apart.
async fn mentions(owner: &PgPool, tenant: &Tenant) -> Vec<(String, i64)> {
    let mut left = Vec::new();
    for table in rows::tables(owner).await {
        let sql = format!("select count(*) from {table} t where t::text like '%{}%'", tenant.org);
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(owner).await.unwrap();
        if found > 0 {
            left.push((table, found));
        }
    }
    left
}

async fn nothing_is_left(tenant: &Tenant) {
    let app = TestApp::new().await;
    // Every table has a row of it, and somebody looks at it as another role does.
    canaries::plant(&app.owner, tenant).await;
    canaries::open_session(&app.owner, tenant).await;
    let viewing = format!(
        "update web_sessions set data = '{{\"viewing_as\": {{\"org\": \"{}\"}}, \"kept\": 1}}'",
        tenant.org
    );
    sqlx::query(AssertSqlSafe(viewing)).execute(&app.owner).await.unwrap();
    let before = mentions(&app.owner, tenant).await;
    assert!(before.len() >= 15, "{before:?}");
    let (people, others) =
        (app.stored::<i64>("select count(*) from users").await, of_others(&app.owner, tenant).await);

    let (code, said) = run(&app.database, &["--slug", tenant.slug, "--yes"]).await;

    assert_eq!(code, Some(0), "{said}");
    assert_eq!(mentions(&app.owner, tenant).await, [("audit_log".to_owned(), 1)], "{said}");
    let mut after = of_others(&app.owner, tenant).await;
    // The session stays and forgets; that is the only change beside the deletion.
    let mut others = others;
    assert!(after.remove("web_sessions").is_some() && others.remove("web_sessions").is_some());
    assert_eq!(after, others);
    assert_eq!(
        app.stored::<i64>("select count(*) from users").await,
        people,
        "everybody keeps their account"
    );
    assert_eq!(app.stored::<i64>("select count(*) from web_sessions").await, 1);
    let told: (String, String, String, String) = sqlx::query_as(
        "select action, actor_name, before ->> 'slug', before -> 'rows' ->> 'organizations' from audit_log
          where organization_id = '00000000-0000-7000-8000-000000000000' and subject_id = $1",
    )
    .bind(tenant.org)
    .fetch_one(&app.owner)
    .await
    .unwrap();
    let expected = ["workspace.deleted", "groundswell delete-organization", tenant.slug, "1"];
    assert_eq!([told.0.as_str(), &told.1, &told.2, &told.3], expected);
    let mut conn = PgConnection::connect_with(&endpoint(&app.database, Role::Owner).0).await.unwrap();
    let log = verify(&mut conn, groundswell::jobs::INSTALLATION).await.unwrap();
    assert!(log.breaks.is_empty(), "{:?}", log.breaks);

    let mut owner = app.sign_in("olga@acme.test").await;
    let gone = if tenant.slug == "acme" { 404 } else { 200 };
    assert_eq!(owner.get("/w/acme").await.status, gone);
    assert_eq!(owner.get("/account").await.status, 200);
}

#[tokio::test]
async fn nothing_of_a_deleted_organization_is_left_and_nothing_of_others_is_touched() {
    nothing_is_left(&INITECH).await;
    nothing_is_left(&ACME).await;
}

#[tokio::test]
async fn without_yes_it_says_what_it_would_delete_and_deletes_nothing() {
    let app = TestApp::new().await;
    let before = rows::everything(&app.owner, &[]).await;

    let (code, said) = run(&app.database, &["--slug", "initech"]).await;

    assert_eq!(code, Some(1), "{said}");
    for words in [
        "Initech (/w/initech), here since 2026-01-05, with 2 people, of whom 2 will be in no workspace",
        "         2  organization_members\n",
        "Nothing was deleted. Add --yes",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(rows::changed(&before, &rows::everything(&app.owner, &[]).await), [""; 0]);
}

#[tokio::test]
async fn an_agency_with_clients_the_installation_and_what_is_not_there_are_refused_with_a_sentence() {
    let app = TestApp::new().await;
    let before = rows::everything(&app.owner, &[]).await;
    for (slug, words) in [
        ("brightside", "Brightside is an agency and still has clients: acme. Delete those first."),
        ("installation", "That is this installation itself, which is no workspace."),
        ("nowhere", "There is no workspace at /w/nowhere."),
    ] {
        let (code, said) = run(&app.database, &["--slug", slug, "--yes"]).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words) && said.contains("Nothing was deleted."), "{said}");
    }
    assert_eq!(rows::changed(&before, &rows::everything(&app.owner, &[]).await), [""; 0]);
    // Once the client is gone, the agency may go.
    for slug in ["acme", "brightside"] {
        assert_eq!(run(&app.database, &["--slug", slug, "--yes"]).await.0, Some(0), "{slug}");
    }
    assert_eq!(app.stored::<i64>("select count(*) from organizations").await, 2);
}

#[tokio::test]
async fn a_table_that_is_added_later_is_emptied_too() {
    let app = TestApp::new().await;
    let sql = "create table later (organization_id uuid not null references organizations (id), id uuid not null,
                                   primary key (organization_id, id));
               create table latest (organization_id uuid not null, id uuid primary key,
                                    later_id uuid not null, foreign key (organization_id, later_id) references later);
               insert into later select id, id from organizations;
               insert into latest select id, id, id from organizations";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();

    let (code, said) = run(&app.database, &["--slug", "initech", "--yes"]).await;

    assert_eq!(code, Some(0), "{said}");
    for count in ["select count(*) from later", "select count(*) from latest"] {
        assert_eq!(app.stored::<i64>(count).await, 3, "{count}");
    }
}
