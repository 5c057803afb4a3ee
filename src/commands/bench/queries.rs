//! The SQL of measuring.

use serde_json::Value;
use sqlx::PgConnection;

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
