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
    sqlx::query(
        "create function pg_temp.make_like(original text, copy text) returns void language plpgsql as $make$
         begin execute format('create table %I (like %I including all)', copy, original); end $make$",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query("select pg_temp.make_like($1, $2)")
        .bind("contacts")
        .bind("bench_people")
        .execute(conn)
        .await?;
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
