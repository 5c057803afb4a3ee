//! The SQL of all organizations' jobs, as `groundswell_worker`.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Which;
use crate::jobs::{JobId, list::Listed};

pub(super) async fn page(conn: &mut PgConnection, which: Which<'_>, limit: i64) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select organization_id, id as "id: JobId", kind, status, run_at, attempts, max_attempts, deaths,
                  items_done, items_total, last_error, created_at, started_at, finished_at,
                  cancel_wanted_at is not null as "is_called_off!"
             from job_queue
            where ($1::uuid is null or organization_id = $1)
              and ($2::text is null or status = $2) and ($3::text is null or kind = $3)
              and ($4::uuid is null or id < $4)
            order by id desc
            limit $5"#,
        which.org,
        which.status,
        which.kind,
        which.before,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many jobs stand how, of this organization or of all.
pub(super) async fn counts(conn: &mut PgConnection, org: Option<Uuid>) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select status, count(*) as "count!" from job_queue
            where ($1::uuid is null or organization_id = $1) group by status order by status"#,
        org,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.count)).collect())
}

/// The kinds of job there are, of this organization or of all.
pub(super) async fn kinds(conn: &mut PgConnection, org: Option<Uuid>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct kind from job_queue where ($1::uuid is null or organization_id = $1) order by kind",
        org,
    )
    .fetch_all(conn)
    .await
}

/// The worker orders what is due within seconds, or when it is next told to look.
pub(super) async fn run_now(conn: &mut PgConnection, schedule: &str) -> sqlx::Result<bool> {
    let moved = sqlx::query_scalar!(
        r#"
        with moved as (update job_schedules set next_run_at = now() where name = $1 returning name),
             told as (select pg_notify('groundswell_jobs', '') from moved)
        select count(*) as "count!" from moved, told"#,
        schedule,
    )
    .fetch_one(conn)
    .await?;
    Ok(moved == 1)
}
