//! The SQL of measuring rules, on a database that is thrown away, as its owner.

use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// So many people of made-up facts, each of whom opened some mail this month, and followed a link in every third.
pub(super) async fn fill(
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

/// How many people this is true of.
pub(super) async fn count(conn: &mut PgConnection, org: Uuid, condition: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "select count(*) from contacts where organization_id = $1 and archived_at is null and ({condition})"
    )))
    .bind(org)
    .fetch_one(conn)
    .await
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
    sqlx::query("create table bench_members (like contact_list_members including all)")
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "insert into bench_members (organization_id, list_id, contact_id, source, joined_at)
         select c.organization_id, $2, c.id, 'Rule', now() from contacts c
          where c.organization_id = $1 and (c.custom->>'bench_points')::numeric < 300
          order by c.id",
    )
    .bind(org)
    .bind(segment)
    .execute(&mut *conn)
    .await?;
    sqlx::query("drop table bench_members").execute(conn).await?;
    Ok(())
}

/// Gives so many people who are not in it the points of those who are, and says so as a change by hand does.
pub(super) async fn change(conn: &mut PgConnection, org: Uuid, people: i64) -> sqlx::Result<()> {
    sqlx::query(
        "with them as (
            update contacts set custom = custom || '{\"bench_points\": 1}'
             where organization_id = $1 and id in (
                select id from contacts where organization_id = $1 and (custom->>'bench_points')::numeric > 300 limit $2)
            returning id)
         insert into events (organization_id, occurred_at, id, kind, payload, contact_id)
         select $1, now(), gen_random_uuid(), 'contact.changed',
                jsonb_build_object('contact', id, 'fields', jsonb_build_array('custom.bench_points')), id from them",
    )
    .bind(org)
    .bind(people)
    .execute(conn)
    .await?;
    Ok(())
}
