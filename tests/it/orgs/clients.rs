//! An agency and its clients: adding one, who works for which, who can enter and why.

use std::collections::BTreeSet;

use groundswell::{
    jobs::{self, Order, trial::Trial},
    tenancy::{JobScope, OrgId},
};
use uuid::Uuid;

use crate::{
    accounts::link,
    support::{Browser, TestApp},
};

const CLIENTS: &str = "/w/brightside/clients";
const ACME: &str = "/w/brightside/clients/acme";
const ADA: &str = "00000000-0000-7000-8000-000000000031";
const ABE: &str = "00000000-0000-7000-8000-000000000032";
const OLGA: &str = "00000000-0000-7000-8000-000000000011";
const MIA: &str = "00000000-0000-7000-8000-000000000012";
const MARKETER: &str = "00000000-0000-7000-8000-0000000aa002";
const VIEWER: &str = "00000000-0000-7000-8000-0000000aa003";

/// Brightside's members may place people and add clients, without entering every one.
async fn let_members_edit_clients(app: &TestApp) {
    let sql = "insert into role_permissions values
        ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-0000000ac002', 'clients.edit')";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
}

async fn assign(browser: &mut Browser, person: &str, role: &str) {
    let done = browser.post(&format!("{ACME}/assign"), &format!("person={person}&role={role}")).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, ACME), "{}", done.text());
}

async fn end(browser: &mut Browser, person: &str) {
    browser.post(&format!("{ACME}/end"), &format!("person={person}")).await;
}

#[tokio::test]
async fn signing_up_as_an_agency_makes_one_that_adds_clients_and_enters_them() {
    let app = TestApp::new().await.leaves_jobs();
    let mut nan = app.visitor();
    let form = "name=Nan+New&email=nan%40new.test&workspace=North&kind=agency";
    nan.submit("/sign-up", "/sign-up", form).await;
    let sign_up = link(&app, "nan@new.test").await;
    let made = nan.submit(&sign_up, &sign_up, "password=orchid-lantern-tugboat").await;
    assert_eq!(made.header("location"), "/w/north");
    assert!(nan.get("/w/north").await.text().contains("This is your agency."));
    assert!(nan.get("/w/north/clients").await.text().contains("No client yet"));

    for name in ["Alpha", "Beta"] {
        let form = format!("name={name}&time_zone=Europe%2FParis");
        let added = nan.post("/w/north/clients", &form).await;
        assert_eq!(added.header("location"), format!("/w/north/clients/{}", name.to_lowercase()));
    }

    let list = nan.get("/w/north/clients").await.text();
    assert!(
        list.contains("Alpha Active") && list.contains("Beta Active") && list.contains("2 clients"),
        "{list}"
    );
    assert_eq!(nan.get("/w/alpha/settings").await.status, 200);
    let page = nan.get("/w/north/clients/alpha").await.text();
    assert!(
        page.contains("Agency owner of North, which lets them into every client, here as Owner"),
        "{page}"
    );
}

#[tokio::test]
async fn a_marketer_invited_into_one_client_sees_nothing_of_the_other() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    ada.post(CLIENTS, "name=Beta&time_zone=UTC").await;
    ada.post(CLIENTS, "name=Gamma&time_zone=UTC").await;

    let form = "emails=max%40new.test&client=acme&client=gamma&role=marketer";
    let sent = ada.post(&format!("{CLIENTS}/invite"), form).await;
    assert_eq!(sent.header("location"), CLIENTS, "{}", sent.text());
    let letter = link(&app, "max@new.test").await;
    let mut max = app.visitor();
    let joined = max.submit(&letter, &letter, "name=Max&password=orchid-lantern-tugboat").await;

    let here = joined.header("location").to_owned();
    assert!(["/w/acme", "/w/gamma"].contains(&here.as_str()), "{here}");
    assert_eq!(max.get(&here).await.status, 200);
    for elsewhere in ["/w/beta", "/w/beta/people", "/w/brightside", CLIENTS, "/w/brightside/clients/beta"] {
        assert_eq!(max.get(elsewhere).await.status, 404, "{elsewhere}");
    }
    assert!(!max.get("/workspaces").await.body.contains("beta"));
    assert!(!max.hx_get(&format!("{here}/palette?q=beta")).await.body.contains("/w/beta"));
}

#[tokio::test]
async fn who_is_placed_in_a_client_works_there_and_nowhere_else() {
    let app = TestApp::new().await.leaves_jobs();
    let mut abe = app.sign_in("abe@brightside.test").await;
    assert!(abe.get(CLIENTS).await.text().contains("No client yet"));
    let mut ada = app.sign_in("ada@brightside.test").await;
    ada.post(CLIENTS, "name=Beta&time_zone=UTC").await;

    assign(&mut ada, ABE, MARKETER).await;

    assert_eq!(abe.get("/w/acme/people").await.status, 200);
    assert_eq!(abe.get("/w/beta").await.status, 404);
    let list = abe.get(CLIENTS).await.text();
    assert!(list.contains("Acme") && !list.contains("Beta") && list.contains("1 clients"), "{list}");
    assert!(ada.get(ACME).await.text().contains("Brightside has placed them here as Marketer"));
}

#[tokio::test]
async fn access_ended_is_denied_from_the_next_click_whatever_it_rested_on() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    assign(&mut ada, ABE, MARKETER).await;
    // A second agency owner, who enters every client.
    sqlx::raw_sql(
        "insert into users (id, email, password_hash, created_at, updated_at)
         select '00000000-0000-7000-8000-000000000033', 'amy@brightside.test', password_hash, now(), now() from users where email = 'ada@brightside.test';
         insert into user_profiles (user_id, name, updated_at) values ('00000000-0000-7000-8000-000000000033', 'Amy of Brightside', now());
         insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at)
         values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000033', '00000000-0000-7000-8000-0000000ac001', 'active', now(), now())",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let (mut abe, mut amy, mut mia) = (
        app.sign_in("abe@brightside.test").await,
        app.sign_in("amy@brightside.test").await,
        app.sign_in("mia@acme.test").await,
    );

    for (browser, person) in
        [(&mut abe, ABE), (&mut amy, "00000000-0000-7000-8000-000000000033"), (&mut mia, MIA)]
    {
        assert_eq!(browser.get("/w/acme").await.status, 200, "{person}");
        ada.post(&format!("{ACME}/end"), &format!("person={person}")).await;
        assert_eq!(browser.get("/w/acme").await.status, 404, "{person}");
    }
    assert_eq!(amy.get("/w/brightside").await.status, 200, "only this client");
    for kept in [ADA, OLGA] {
        ada.post(&format!("{ACME}/end"), &format!("person={kept}")).await;
        assert!(
            ada.get(ACME).await.text().contains("You, the last owner, and whoever may do more"),
            "{kept}"
        );
    }
    assert_eq!(app.sign_in("olga@acme.test").await.get("/w/acme").await.status, 200);

    assign(&mut ada, ABE, VIEWER).await;
    assert_eq!(abe.get("/w/acme").await.status, 200, "and let in again");
}

#[tokio::test]
async fn who_leaves_the_agency_leaves_every_client_that_it_placed_them_in() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    assign(&mut ada, ABE, MARKETER).await;
    let mut abe = app.sign_in("abe@brightside.test").await;
    assert_eq!(abe.get("/w/acme").await.status, 200);

    ada.post("/w/brightside/people/standing", &format!("to=inactive&person={ABE}")).await;

    assert_eq!(abe.get("/w/acme").await.status, 404);
    assert!(!ada.get(ACME).await.text().contains("Abe of Brightside"));
}

#[tokio::test]
async fn the_page_names_exactly_those_who_can_enter() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    for step in 0..4 {
        match step {
            0 => {}
            1 => assign(&mut ada, ABE, VIEWER).await,
            2 => end(&mut ada, MIA).await,
            _ => end(&mut ada, ABE).await,
        }
        let page = ada.get(ACME).await.body;
        let everybody: Vec<(Uuid, String)> =
            sqlx::query_as("select id, email from users").fetch_all(&app.owner).await.unwrap();
        let mut named = BTreeSet::new();
        let mut may = BTreeSet::new();
        for (id, email) in everybody {
            let sql = "select exists (select 1 from app.user_organizations($1, 'acme'))";
            if sqlx::query_scalar::<_, bool>(sql).bind(id).fetch_one(&app.owner).await.unwrap() {
                may.insert(email.clone());
            }
            if page.contains(&format!("<td>{email}</td>")) {
                named.insert(email);
            }
        }
        assert_eq!(named, may, "after step {step}");
    }
}

#[tokio::test]
async fn what_one_may_do_in_the_client_decides_not_what_one_may_do_in_the_agency() {
    let app = TestApp::new().await.leaves_jobs();
    let_members_edit_clients(&app).await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    let mut abe = app.sign_in("abe@brightside.test").await;
    assert_eq!(abe.get(ACME).await.status, 404, "not theirs");

    assign(&mut ada, ABE, MARKETER).await;
    assert_eq!(abe.get(ACME).await.status, 200);
    let form = format!("person={MIA}");
    assert_eq!(abe.post(&format!("{ACME}/end"), &form).await.status, 403);
    let sent = abe.post(&format!("{CLIENTS}/invite"), "emails=x%40new.test&client=acme&role=viewer").await;
    assert_eq!(sent.status, 403);
    assert_eq!(app.sign_in("mia@acme.test").await.get("/w/acme").await.status, 200);

    // Whoever makes a client and enters not every one, enters theirs.
    let made = abe.post(CLIENTS, "name=Own&time_zone=UTC").await;
    assert_eq!(made.header("location"), "/w/brightside/clients/own");
    assert_eq!(abe.get("/w/own/settings").await.status, 200);
}

#[tokio::test]
async fn a_client_of_somebody_else_is_not_there_and_who_is_no_agency_has_none() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    for path in
        ["/w/brightside/clients/initech", "/w/brightside/clients/brightside", "/w/brightside/clients/none"]
    {
        assert_eq!(ada.get(path).await.status, 404, "{path}");
    }
    let end = format!("person={OLGA}");
    assert_eq!(ada.post("/w/brightside/clients/initech/end", &end).await.status, 404);
    sqlx::raw_sql("insert into role_permissions values ('00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-0000000ab001', 'clients.view')")
        .execute(&app.owner)
        .await
        .unwrap();
    assert_eq!(app.sign_in("ian@initech.test").await.get("/w/initech/clients").await.status, 404);
}

#[tokio::test]
async fn everything_done_to_a_client_is_in_its_own_log() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    assign(&mut ada, ABE, VIEWER).await;
    ada.post(&format!("{ACME}/end"), &format!("person={ABE}")).await;
    ada.post(&format!("{CLIENTS}/invite"), "emails=x%40new.test&client=acme&role=viewer").await;
    ada.post(CLIENTS, "name=Beta&time_zone=UTC").await;

    let log: Vec<String> = sqlx::query_scalar(
        "select o.slug || ' ' || l.action from audit_log l join organizations o on o.id = l.organization_id
          where l.actor_id = '00000000-0000-7000-8000-000000000031' and l.address <> '' and l.request_id <> ''
          order by o.slug, l.seq",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();

    let expected = [
        "acme members.assigned",
        "acme members.shut_out",
        "acme members.invited",
        "beta workspace.founded",
        "brightside clients.added",
    ];
    assert_eq!(log, expected);
}

#[tokio::test]
async fn the_list_is_searched_and_paged() {
    let app = TestApp::new().await;
    sqlx::raw_sql(
        "with made as (
             insert into organizations (id, slug, name, kind, agency_id, created_at, updated_at)
             select gen_random_uuid(), 'c-' || n, 'Client ' || lpad(n::text, 3, '0'), 'client',
                    '00000000-0000-7000-8000-00000000000c', now(), now() from generate_series(1, 120) n
             returning id)
         insert into roles (organization_id, id, key, name, created_at)
         select id, gen_random_uuid(), 'company_owner', 'Owner', now() from made",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut ada = app.sign_in("ada@brightside.test").await;

    let found = ada.get(&format!("{CLIENTS}?q=client+07")).await.text();
    assert!(found.contains("Client 070") && !found.contains("Client 080") && found.contains("10 clients"));
    let (mut seen, mut address) = (BTreeSet::new(), CLIENTS.to_owned());
    for _ in 0..4 {
        let page = ada.get(&address).await.body;
        seen.extend(
            page.split("href=\"/w/c-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
        let Some((_, next)) = page.split_once("after=") else { break };
        address = format!("{CLIENTS}?after={}", next.split('"').next().unwrap());
    }
    assert_eq!(seen.len(), 120, "{seen:?}");
}

#[tokio::test]
async fn who_is_removed_from_a_client_does_not_enter_it_through_the_agency_after_all() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    let mut abe = app.sign_in("abe@brightside.test").await;
    assign(&mut ada, ABE, VIEWER).await;
    sqlx::raw_sql("update organization_members set role_id = '00000000-0000-7000-8000-0000000ac001' where user_id = '00000000-0000-7000-8000-000000000032' and organization_id = '00000000-0000-7000-8000-00000000000c'")
        .execute(&app.owner)
        .await
        .unwrap();
    let mut olga = app.sign_in("olga@acme.test").await;

    olga.post(&format!("/w/acme/people/{ABE}/remove"), "").await;

    assert_eq!(abe.get("/w/acme").await.status, 404);
    assert_eq!(abe.get("/w/brightside").await.status, 200);
}

#[tokio::test]
async fn work_that_somebody_ordered_for_a_client_goes_on_when_they_no_longer_enter_it() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    let mut abe = app.sign_in("abe@brightside.test").await;
    assign(&mut ada, ABE, MARKETER).await;
    let acme: OrgId = Uuid::parse_str(crate::support::tenant::ACME.org).unwrap().into();
    let mut tx = JobScope::new(app.app.db.clone(), acme, "a test").enter().await.unwrap();
    let by = Order { requested_by: Some(Uuid::parse_str(ABE).unwrap()), ..Order::default() };
    jobs::enqueue(tx.conn(), acme.0, &Trial::Steps(50), by).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(abe.get("/w/acme").await.status, 200);

    let running = "select exists (select 1 from job_queue where payload ? 'steps' and status = 'running')";
    let unassign = async {
        while !app.stored::<bool>(running).await {
            tokio::task::yield_now().await;
        }
        end(&mut ada, ABE).await;
        assert_eq!(abe.get("/w/acme").await.status, 404);
        assert!(app.stored::<bool>(running).await, "it was still at work");
    };
    tokio::join!(app.work(), unassign);

    let mut olga = app.sign_in("olga@acme.test").await;
    let jobs = olga.get("/w/acme/settings/jobs").await.text();
    assert!(jobs.contains("Jobs trial Done") && jobs.contains("50 of 50"), "{jobs}");
    assert_eq!(abe.get("/w/acme/settings/jobs").await.status, 404);
}
