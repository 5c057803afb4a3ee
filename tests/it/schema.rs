//! The database keeps organizations apart, and the audit that says so would notice if it did not (TEN-1).

use std::collections::BTreeSet;

use groundswell::db::audit::{self, EXCEPTIONS, Finding};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::support::{
    TestApp,
    cluster::{self, Role},
};

/// A tenant table with one partition.
macro_rules! partitioned {
    ($then:literal) => {
        concat!(
            "create table hits (organization_id uuid not null, at date not null) partition by range (at);
             create table hits_1 partition of hits for values from ('2026-01-01') to ('2027-01-01');
             select app.protect('hits');",
            $then
        )
    };
}

/// A hole: the rule that must find it, the object it must name, and how it is made.
struct Hole(&'static str, &'static str, &'static str);

/// Made as the owner of the tables, except where the hole itself says otherwise.
const HOLES: &[Hole] = &[
    Hole("R1", "public.saved_views", "alter table saved_views disable row level security"),
    Hole("R1", "public.saved_views", "alter table saved_views no force row level security"),
    Hole("R1", "public.leads", "create table leads (organization_id uuid not null, id uuid)"),
    Hole("R1", "public.hits_1", partitioned!("")),
    Hole("R2", "public.roles", "drop policy tenant on roles"),
    Hole("R3", "public.roles.tenant", "drop policy tenant on roles; create policy tenant on roles using (true)"),
    Hole("R3", "public.roles.more", "create policy more on roles to groundswell_app using (key = 'viewer')"),
    Hole("R4", "public.notes", "create table notes (id uuid primary key)"),
    Hole("R5", "public.everybody", "create view everybody as select * from organization_members"),
    Hole(
        "R6",
        "public.counts",
        "create materialized view counts as select organization_id, count(*) from roles group by 1;
         grant select on counts to groundswell_app",
    ),
    Hole(
        "R7",
        "app.count_all",
        "create function app.count_all() returns bigint language sql security definer
         set search_path = pg_catalog, pg_temp as 'select count(*) from public.roles'",
    ),
    Hole(
        "R8",
        "public.saved_views.to_role",
        "alter table roles add constraint roles_id_key unique (id);
         alter table saved_views add column role_id uuid constraint to_role references roles (id)",
    ),
    Hole(
        "R8",
        "public.saved_views.crossed",
        "alter table roles add constraint roles_crossed_key unique (id, organization_id);
         alter table saved_views
             add constraint crossed foreign key (organization_id, id) references roles (id, organization_id) not valid",
    ),
    Hole("R9", "public.saved_views_name_idx", "create unique index saved_views_name_idx on saved_views (name)"),
    Hole("R10", "groundswell_app", "reset role; alter role groundswell_app superuser"),
    Hole("R10", "groundswell_app", "reset role; alter role groundswell_app bypassrls"),
    Hole("R10", "groundswell_app", "reset role; grant groundswell_owner to groundswell_app"),
    Hole("R10", "groundswell_worker", "reset role; grant pg_write_all_data to groundswell_worker"),
    Hole("R10", "groundswell_app", "reset role; alter table throttles owner to groundswell_app"),
    Hole("R10", "groundswell_app", "reset role; grant create on schema public to groundswell_app"),
    Hole("R11", "public.hits_1", partitioned!("grant select on hits_1 to groundswell_app")),
    Hole("R12", "public.roles", "reset role; alter table roles owner to current_user"),
    Hole("R12", "app.protect", "reset role; alter function app.protect(regclass, text) owner to current_user"),
    Hole(
        "R13",
        "public.roles.tenant",
        "alter policy tenant on roles using (
             organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid or is_system)",
    ),
    Hole("R13", "public.roles.tenant", "alter policy tenant on roles to public"),
    Hole("R13", "public.organizations.tenant", "alter policy tenant on organizations with check (true)"),
    Hole("R14", "app.user_organizations", "alter function app.user_organizations(uuid, text, timestamptz) reset search_path"),
    Hole("R14", "app.schema_version", "alter function app.schema_version() set search_path = public"),
    Hole("R15", "public.saved_views.saved_views_user_id_fkey", "drop index saved_views_user_id_idx"),
    Hole("R16", "public.saved_views", "grant truncate on saved_views to groundswell_app"),
    Hole("R17", "public.saved_views_screen_idx", "create index saved_views_screen_idx on saved_views (screen)"),
    Hole("R17", "public.saved_views_lower_idx", "create index saved_views_lower_idx on saved_views (lower(name))"),
    Hole("R18", "public.leads", "create table leads (organization_id uuid)"),
    Hole("R18", "public.leads", "create table leads (organization_id text not null)"),
    Hole("R19", "public.users", "grant select on users to public"),
];

#[tokio::test]
async fn the_migrated_database_has_no_hole() {
    let app = TestApp::new().await;
    let mut conn = app.app.db.connection().await.unwrap();
    let found = audit::findings(&mut conn).await.unwrap();
    assert!(found.is_empty(), "{}", sentences(&found));
}

#[tokio::test]
async fn every_planted_hole_is_found_by_name() {
    let database = cluster::fresh_database().await;
    let mut conn = connect(&database).await;
    for Hole(rule, object, plant) in HOLES {
        let found = with_hole(&mut conn, plant).await;
        let is_named = found.iter().any(|found| found.rule == *rule && found.object == *object);
        assert!(is_named, "{rule} did not find {object} after\n{plant}\nbut only:\n{}", sentences(&found));
    }
}

#[tokio::test]
async fn every_rule_has_a_hole_that_shows_it_can_fail() {
    let rules: BTreeSet<String> = (1..=19).map(|n| format!("R{n}")).collect();
    let planted: BTreeSet<String> = HOLES.iter().map(|Hole(rule, _, _)| (*rule).to_owned()).collect();
    assert_eq!(planted, rules);
}

#[tokio::test]
async fn no_exception_has_outlived_its_reason() {
    let database = cluster::fresh_database().await;
    let breaches = audit::breaches(&mut connect(&database).await).await.unwrap();
    for exception in EXCEPTIONS {
        let applies =
            breaches.iter().any(|found| found.rule == exception.rule && found.object == exception.object);
        assert!(
            applies,
            "{} {} is no breach any more: take it off the list",
            exception.rule, exception.object
        );
        assert!(exception.reason.len() > 15, "{} {} needs a reason", exception.rule, exception.object);
    }
}

/// What the audit finds in a database with this hole, which is closed again.
async fn with_hole(conn: &mut PgConnection, plant: &'static str) -> Vec<Finding> {
    let mut tx = conn.begin().await.unwrap();
    tx.execute("set local role groundswell_owner").await.unwrap();
    tx.execute(AssertSqlSafe(plant)).await.unwrap_or_else(|error| panic!("{plant}: {error}"));
    let found = audit::findings(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

async fn connect(database: &str) -> PgConnection {
    PgConnection::connect_with(&cluster::endpoint(database, Role::Super).0).await.unwrap()
}

fn sentences(found: &[Finding]) -> String {
    found.iter().map(|f| format!("{} {}: {}\n", f.rule, f.object, f.sentence)).collect()
}
