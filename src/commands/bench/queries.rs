//! The SQL of measuring: what is asked of what was done, and what PostgreSQL alone does in the limits. Run as
//! the owner of a database that is thrown away, on tables that the compiler has never seen, so without macros.

use serde_json::Value;
use sqlx::{PgConnection, postgres::PgCopyIn};
use uuid::Uuid;

use crate::tenancy::OrgTx;

/// A bare table with so many rows, for comparing.
pub(super) async fn fill_reference(conn: &mut PgConnection, count: i64) -> sqlx::Result<()> {
    sqlx::query(
        "create table bench_reference
             (id bigint primary key, run_at timestamptz not null default now(), payload jsonb)",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into bench_reference (id, payload) select n, '\"succeed\"' from generate_series(1, $1) n",
    )
    .bind(count)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes up to so many rows that nobody else is taking.
pub(super) async fn take_reference(conn: &mut PgConnection, limit: i64) -> sqlx::Result<u64> {
    let taken = sqlx::query(
        "with due as materialized (select id from bench_reference order by run_at, id limit $1 for update skip locked)
         delete from bench_reference r using due where r.id = due.id",
    )
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(taken.rows_affected())
}

/// Orders so many jobs at once.
pub(super) async fn order_many(tx: &mut OrgTx, kind: &str, payload: &Value, count: i64) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into job_queue (organization_id, id, kind, payload, max_attempts)
         select $1, gen_random_uuid(), $2, $3, 5 from generate_series(1, $4::bigint)",
        org,
        kind,
        payload,
        count,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets what was written before be over, so that it is not counted with what comes.
pub(super) async fn settle_down(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("vacuum analyze").execute(&mut *conn).await?;
    sqlx::query("checkpoint").execute(conn).await?;
    Ok(())
}

/// How an import stands, and what went wrong.
pub(super) async fn import_status(
    conn: &mut PgConnection,
    org: Uuid,
    import: Uuid,
) -> sqlx::Result<(String, String)> {
    sqlx::query_as("select status, last_error from imports where organization_id = $1 and id = $2")
        .bind(org)
        .bind(import)
        .fetch_one(conn)
        .await
}

/// How many people an organization has.
pub(super) async fn people(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from contacts where organization_id = $1")
        .bind(org)
        .fetch_one(conn)
        .await
}

/// An empty table with all that the table of people has: columns, values made of others, checks, indexes.
pub(super) async fn like_contacts(conn: &mut PgConnection) -> sqlx::Result<()> {
    make_like(conn, "contacts", "bench_people").await
}

async fn make_like(conn: &mut PgConnection, original: &str, copy: &str) -> sqlx::Result<()> {
    sqlx::query(
        "create or replace function pg_temp.make_like(original text, copy text) returns void language plpgsql as $make$
         begin execute format('create table %I (like %I including all)', copy, original); end $make$",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query("select pg_temp.make_like($1, $2)").bind(original).bind(copy).execute(conn).await?;
    Ok(())
}

/// The table that a file is copied into, as it is.
pub(super) async fn open_stage(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        r#"create temporary table bench_stage (
             email text collate "C", first_name text, last_name text, company text, job_title text, phone text,
             city text, postal_code text, country text, customer_code text)"#,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The way in for the file itself.
pub(super) async fn copying(conn: &mut PgConnection) -> sqlx::Result<PgCopyIn<&mut PgConnection>> {
    conn.copy_in_raw("copy bench_stage from stdin (format csv, header)").await
}

/// Makes people of all lines that have an address, in the order of their addresses, each of them once; the ids
/// go up with them, so that every index but the one for searching grows at its end. Says how many.
pub(super) async fn insert_stage(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let made = sqlx::query(
        "insert into bench_people (organization_id, id, email, first_name, last_name, company, job_title, phone, city,
                                   postal_code, country, customer_code, source, created_at, updated_at)
         select '00000000-0000-7000-8000-000000000001', lpad(to_hex(row_number() over (order by email)), 32, '0')::uuid,
                email, first_name, last_name, company, job_title, phone, city, postal_code, country, customer_code,
                'bench', now(), now()
           from bench_stage where email like '%@%'
          order by email
         on conflict do nothing",
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected())
}

pub(super) async fn forget_people(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("drop table bench_people").execute(conn).await?;
    Ok(())
}

/// The ids of fifty people behind one of them, the newest first, with what a list shows: the least that a page
/// has to ask for.
pub(super) async fn fifty(conn: &mut PgConnection, org: Uuid, behind: Uuid) -> sqlx::Result<Vec<Uuid>> {
    let rows: Vec<(Uuid, String, String, Option<String>, String)> = sqlx::query_as(
        "select id, first_name, last_name, email, company from contacts
          where organization_id = $1 and id < $2 and archived_at is null
          order by id desc
          limit 50",
    )
    .bind(org)
    .bind(behind)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, ..)| id).collect())
}

/// Where the broadcast of a campaign stands.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Standing {
    pub id: Uuid,
    pub number: i64,
    pub status: String,
    pub is_frozen: bool,
    pub trouble: String,
}

pub(super) async fn standing(conn: &mut PgConnection, org: Uuid, campaign: Uuid) -> sqlx::Result<Standing> {
    sqlx::query_as(
        "select id, number, status, frozen_at is not null as is_frozen, trouble from broadcasts
          where organization_id = $1 and campaign_id = $2",
    )
    .bind(org)
    .bind(campaign)
    .fetch_one(conn)
    .await
}

/// Everybody whom a broadcast went to.
pub(super) async fn recipients(
    conn: &mut PgConnection,
    org: Uuid,
    broadcast: Uuid,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "select contact_id from recipients where organization_id = $1 and broadcast_id = $2 and skipped = ''
          order by contact_id",
    )
    .bind(org)
    .bind(broadcast)
    .fetch_all(conn)
    .await
}

/// The bare ledger: a row for each of so many messages.
pub(super) async fn fill_ledger(conn: &mut PgConnection, count: i64) -> sqlx::Result<()> {
    sqlx::query(
        "create table bench_ledger (
             source_id uuid not null, subject_id uuid not null, address_hash bytea not null,
             status text not null default 'scheduled', due_at timestamptz not null, settled_at timestamptz,
             primary key (source_id, subject_id)) with (fillfactor = 60)",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into bench_ledger (source_id, subject_id, address_hash, due_at)
         select $1, lpad(to_hex(n), 32, '0')::uuid, sha256(n::text::bytea), now() from generate_series(1, $2::bigint) n",
    )
    .bind(Uuid::nil())
    .bind(count)
    .execute(conn)
    .await?;
    Ok(())
}

/// The next so many that wait.
pub(super) async fn next_of_ledger(
    conn: &mut PgConnection,
    behind: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "select subject_id from bench_ledger where source_id = $1 and subject_id > $2 and status = 'scheduled'
          order by subject_id limit $3",
    )
    .bind(Uuid::nil())
    .bind(behind)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Writes down that these are sent.
pub(super) async fn settle_ledger(conn: &mut PgConnection, subjects: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query(
        "update bench_ledger set status = 'sent', settled_at = now() where source_id = $1 and subject_id = any($2)",
    )
    .bind(Uuid::nil())
    .bind(subjects)
    .execute(conn)
    .await?;
    Ok(())
}

/// The bare log of opens and clicks.
pub(super) async fn open_hits(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        "create table bench_hits (
             id uuid primary key, occurred_at timestamptz not null, kind text not null, contact_id uuid, payload jsonb)",
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn insert_hits(
    conn: &mut PgConnection,
    (ids, contacts): (&[Uuid], &[Uuid]),
    payload: &Value,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into bench_hits (id, occurred_at, kind, contact_id, payload)
         select id, now(), 'email.opened', contact_id, $3 from unnest($1::uuid[], $2::uuid[]) as hit (id, contact_id)",
    )
    .bind(ids)
    .bind(contacts)
    .bind(payload)
    .execute(conn)
    .await?;
    Ok(())
}

/// What is counted of opens and clicks: in the log of events, and at the recipients of a broadcast.
pub(super) async fn hits(
    conn: &mut PgConnection,
    org: Uuid,
    broadcast: Uuid,
) -> sqlx::Result<(i64, i64, i64)> {
    let logged: i64 = sqlx::query_scalar(
        "select count(*) from events where organization_id = $1 and kind in ('email.opened', 'email.clicked')",
    )
    .bind(org)
    .fetch_one(&mut *conn)
    .await?;
    let (opens, clicks): (i64, i64) = sqlx::query_as(
        "select coalesce(sum(opens), 0), coalesce(sum(clicks), 0) from recipients
          where organization_id = $1 and broadcast_id = $2",
    )
    .bind(org)
    .bind(broadcast)
    .fetch_one(conn)
    .await?;
    Ok((logged, opens, clicks))
}

/// So many people of made-up facts, each of whom opened some mail this month, and followed a link in every third.
pub(super) async fn fill_workspace(
    conn: &mut PgConnection,
    (org, people): (Uuid, i64),
    deeds: i32,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into contacts (organization_id, id, email, first_name, last_name, company, job_title, city, country,
                               customer_code, lifecycle_stage, custom, created_at, updated_at)
         select $1, ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || n || '@bench.test',
                (array['Ann', 'Ben', 'Cem', 'Dora', 'Emil'])[n % 5 + 1], 'Bench' || n % 997, 'Company ' || n % 5000,
                (array['Owner', 'Estimator', 'Bookkeeper', 'Head of marketing'])[n % 4 + 1], 'City ' || n % 211,
                'Country ' || n % 41, case when n % 3 = 0 then 'C' || n else '' end,
                (array['lead', 'mql', 'sql', 'customer'])[n % 4 + 1],
                jsonb_build_object('bench_points', n % 1000, 'bench_plan', 'Plan ' || n % 7), now(), now()
           from generate_series(1, $2) n",
    )
    .bind(org)
    .bind(people)
    .execute(&mut *conn)
    .await?;
    // Written before anything that listeners heard of: they are asked about, not told.
    sqlx::query(
        "insert into events (organization_id, occurred_at, id, tx, kind, payload, contact_id)
         select $1, date_trunc('month', now()) + (now() - date_trunc('month', now())) * ((n * 7 + d) % 1000 / 1000.0),
                gen_random_uuid(), -1, case when (n + d) % 3 = 0 then 'email.clicked' else 'email.opened' end, '{}',
                ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
           from generate_series(1, $2) n cross join generate_series(1, $3) d
          where (n * 31 + d) % 4 < 2",
    )
    .bind(org)
    .bind(people)
    .bind(deeds)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many people one of the rules of the measurement holds, counted by hand.
pub(super) async fn count_by_hand(conn: &mut PgConnection, org: Uuid, rule: usize) -> sqlx::Result<i64> {
    let asked = match rule {
        0 => sqlx::query_scalar(
            "select count(*) from contacts where organization_id = $1 and archived_at is null
                and lower(city) = 'city 7' and lifecycle_stage = 'customer' and lower(job_title) <> 'owner'",
        ),
        1 => sqlx::query_scalar(
            "select count(*) from contacts where organization_id = $1 and archived_at is null
                and lifecycle_stage = 'customer' and lower(country) = 'country 3'
                and (custom->>'bench_points')::numeric > 500",
        ),
        2 => sqlx::query_scalar(
            "select count(*) from contacts where organization_id = $1 and archived_at is null
                and lifecycle_stage = 'customer'
                and id in (select contact_id from events where organization_id = $1 and kind = 'email.opened'
                              and not is_bot and occurred_at > now() - interval '30 days')
                and id not in (select contact_id from events where organization_id = $1 and kind = 'email.clicked'
                                  and not is_bot and occurred_at > now() - interval '30 days'
                                  and contact_id is not null)",
        ),
        _ => sqlx::query_scalar(
            "select count(*) from contacts where organization_id = $1 and archived_at is null
                and (lower(city) = 'city 9' and lower(job_title) like '%own%'
                     and (custom->>'bench_points')::numeric < 300
                     or not (lower(country) <> 'country 5' or lower(company) like 'company 1%'
                             or email like '%9@bench.test')
                     or lower(first_name) = 'ann' and customer_code <> '')",
        ),
    };
    asked.bind(org).fetch_one(conn).await
}

/// Whether its members were worked out since it was made.
pub(super) async fn is_settled(conn: &mut PgConnection, org: Uuid, segment: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select refreshed_at is not null from contact_lists where organization_id = $1 and id = $2",
    )
    .bind(org)
    .bind(segment)
    .fetch_one(conn)
    .await
}

/// Whether there is something to do now.
pub(super) async fn is_busy(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (select from job_queue
                         where organization_id = $1 and finished_at is null and run_at <= now())",
    )
    .bind(org)
    .fetch_one(conn)
    .await
}

pub(super) async fn members(conn: &mut PgConnection, org: Uuid, segment: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "select count(*) from contact_list_members where organization_id = $1 and list_id = $2",
    )
    .bind(org)
    .bind(segment)
    .fetch_one(conn)
    .await
}

/// As many rows as the segment has members, in a table with the columns and indexes of theirs.
pub(super) async fn insert_members(conn: &mut PgConnection, org: Uuid, segment: Uuid) -> sqlx::Result<()> {
    make_like(conn, "contact_list_members", "bench_members").await?;
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from contacts where organization_id = $1 and (custom->>'bench_points')::numeric < 300 order by id",
    )
    .bind(org)
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query(
        "insert into bench_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, $2, id, 'Rule', now() from unnest($3::uuid[]) id",
    )
    .bind(org)
    .bind(segment)
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    sqlx::query("drop table bench_members").execute(conn).await?;
    Ok(())
}

/// Gives so many people who are not in it the points of those who are, and says so as a change by hand does; whom.
pub(super) async fn change_points(
    conn: &mut PgConnection,
    org: Uuid,
    people: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "with them as (
            update contacts set custom = custom || jsonb_build_object('bench_points', 1)
             where organization_id = $1 and id in (
                select id from contacts where organization_id = $1 and (custom->>'bench_points')::numeric > 300 limit $2)
            returning id)
         insert into events (organization_id, occurred_at, id, kind, payload, contact_id)
         select $1, now(), gen_random_uuid(), 'contact.changed',
                jsonb_build_object('contact', id, 'fields', jsonb_build_array('custom.bench_points')), id from them
         returning contact_id",
    )
    .bind(org)
    .bind(people)
    .fetch_all(conn)
    .await
}

/// Whether all of these are in the segment. The first who is not ends the search, which is made again and again.
pub(super) async fn are_members(
    conn: &mut PgConnection,
    (org, segment): (Uuid, Uuid),
    whom: &[Uuid],
) -> sqlx::Result<bool> {
    for id in whom {
        let is_member = sqlx::query_scalar::<_, bool>(
            "select exists (select from contact_list_members
                             where organization_id = $1 and list_id = $2 and contact_id = $3)",
        );
        if !is_member.bind(org).bind(segment).bind(id).fetch_one(&mut *conn).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
