//! A campaign of Acme to many people, and a mail server that takes it.

use std::net::{Ipv4Addr, SocketAddr};

use groundswell::{
    campaigns::sending::{Begin, Go},
    commands::bench::sink::{Profile, Sink},
    jobs::{self, Order},
    tenancy::{JobScope, OrgId},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::{TestApp, tenant::ACME};

/// The broadcast of Acme that is a draft in the town.
pub const DRAFT: &str = "00000000-0000-7000-8000-0000000011a1";

/// An app that may reach servers on this machine.
pub async fn app() -> TestApp {
    app_with(&[]).await
}

/// The same, with further settings.
pub async fn app_with(flags: &[&str]) -> TestApp {
    let flags = [&["--allowed-private-hosts", "127.0.0.1"], flags].concat();
    TestApp::with(&flags).await.leaves_jobs().idle().await
}

pub async fn sink(profile: Profile) -> Sink {
    Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), profile).await.unwrap()
}

/// Does this past row security.
pub async fn run(app: &TestApp, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&app.owner).await.unwrap();
}

/// A number out of the database, past row security.
pub async fn count(app: &TestApp, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&app.owner).await.unwrap()
}

/// So many people of Acme, p0@many.test and so on, beside Zoe, and a draft to everybody. Mail leaves by this
/// server, over so many connections; without one it stays in the built-in mailbox.
pub async fn audience(app: &TestApp, people: usize, server: Option<(u16, u32)>) {
    let org = ACME.org;
    run(
        app,
        &format!(
            "delete from sending_domains; delete from mail_servers;
             insert into contacts (organization_id, id, email, first_name, created_at, updated_at)
             select '{org}', gen_random_uuid(), 'p' || n || '@many.test', 'Person ' || n, now(), now()
               from generate_series(0, {people} - 1) n;
             update broadcasts set to_everybody = true where id = '{DRAFT}';"
        ),
    )
    .await;
    if let Some((port, connections)) = server {
        let sql = format!(
            "insert into mail_servers (organization_id, host, port, encryption, connections, updated_at)
             values ('{org}', '127.0.0.1', {port}, 'none', {connections}, now())"
        );
        run(app, &sql).await;
    }
}

async fn order<J: jobs::Job>(app: &TestApp, job: &J, key: &str) {
    let org: OrgId = Uuid::parse_str(ACME.org).unwrap().into();
    let mut tx = JobScope::new(app.app.db.clone(), org, "a test").enter().await.unwrap();
    let order = Order { key: Some(key), ..Order::default() };
    jobs::enqueue(tx.conn(), org.0, job, order).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sends the draft: its moment for undoing is over.
pub async fn begin(app: &TestApp) {
    let now = app.app.clock.now();
    let sql = format!("update broadcasts set status = 'queued', begins_at = '{now}' where id = '{DRAFT}'");
    run(app, &sql).await;
    order(app, &Begin { broadcast: DRAFT.parse().unwrap() }, "begin").await;
}

pub async fn pause(app: &TestApp) {
    run(app, &format!("update broadcasts set status = 'paused' where id = '{DRAFT}'")).await;
}

pub async fn resume(app: &TestApp) {
    run(app, &format!("update broadcasts set status = 'sending' where id = '{DRAFT}'")).await;
    order(app, &Go { broadcast: DRAFT.parse().unwrap() }, DRAFT).await;
}

/// How many messages of the draft stand like this.
pub async fn standing(app: &TestApp, status: &str) -> i64 {
    let sql =
        format!("select count(*) from channel_outbox where source_id = '{DRAFT}' and status = '{status}'");
    count(app, &sql).await
}

/// Where the broadcast stands.
pub async fn status(app: &TestApp) -> String {
    app.stored("select status from broadcasts where id = '00000000-0000-7000-8000-0000000011a1'").await
}

/// The ledger adds up: everybody it was for is there, left out with a reason or with what became of them.
pub async fn adds_up(app: &TestApp) {
    let sql = format!(
        "select count(*) from broadcasts b
          where b.id = '{DRAFT}'
            and b.people = (select count(*) from recipients r where r.broadcast_id = b.id)
            and b.skipped = (select count(*) from recipients r where r.broadcast_id = b.id and r.skipped <> '')
            and b.people - b.skipped = (select count(*) from channel_outbox o where o.source_id = b.id)"
    );
    assert_eq!(count(app, &sql).await, 1, "the ledger does not add up");
}
