//! What is asked of the queue from within an organization.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, postgres::types::PgInterval};
use uuid::Uuid;

use super::{AtWork, JobId, Order, list::Listed};

/// Puts a job in the queue and wakes who waits for one, when the transaction is committed.
pub(super) async fn insert(
    conn: &mut PgConnection,
    org: Uuid,
    (kind, payload, attempts): (&str, &Value, i32),
    order: Order<'_>,
) -> sqlx::Result<Option<JobId>> {
    let wait = PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(order.after.as_micros()).unwrap_or(i64::MAX),
    };
    let id = sqlx::query_scalar!(
        r#"
        with made as (
            insert into job_queue (organization_id, id, kind, payload, dedupe_key, max_attempts, requested_by, run_at)
            values ($1, $2, $3, $4, $5, $6, $7, now() + $8)
            on conflict (organization_id, kind, dedupe_key)
                where dedupe_key is not null and status in ('waiting', 'running') do nothing
            returning id
        ),
        told as (select pg_notify('groundswell_jobs', '') from made)
        select made.id as "id: JobId" from made, told"#,
        org,
        Uuid::now_v7(),
        kind,
        payload,
        order.key,
        attempts,
        order.requested_by,
        wait,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id)
}

pub(super) async fn insert_for_installation(
    conn: &mut PgConnection,
    (kind, payload, attempts): (&str, &Value, i32),
    key: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "select app.enqueue_for_installation($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        kind,
        payload,
        key,
        attempts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether this attempt still has its job; keeps it so until the transaction ends.
pub(super) async fn is_held(conn: &mut PgConnection, org: Uuid, at_work: &AtWork) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        "select id from job_queue
          where organization_id = $1 and id = $2 and holder = $3 and attempts = $4 and status = 'running'
            and leased_until > clock_timestamp() and cancel_wanted_at is null
            for share",
        org,
        at_work.id as JobId,
        at_work.holder,
        at_work.attempt,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

/// A page of an organization's jobs, the newest first. No status is any.
pub(super) async fn page(
    conn: &mut PgConnection,
    org: Uuid,
    status: Option<&str>,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select organization_id, id as "id: JobId", kind, status, run_at, attempts, max_attempts, deaths,
                  items_done, items_total, last_error, created_at, started_at, finished_at,
                  cancel_wanted_at is not null as "is_called_off!"
             from job_queue
            where organization_id = $1 and ($2::text is null or status = $2) and ($3::uuid is null or id < $3)
            order by id desc
            limit $4"#,
        org,
        status,
        before,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many of an organization's jobs stand how.
pub(super) async fn counts(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select status, count(*) as "count!" from job_queue where organization_id = $1 group by status"#,
        org
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.count)).collect())
}

/// Lets a job that failed or was called off be tried again, as if for the first time, or one that waits
/// be tried now. `None` when there is no such job.
pub(super) async fn retry(conn: &mut PgConnection, org: Uuid, id: JobId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"
        with again as (
            update job_queue
               set status = 'waiting', run_at = now(), attempts = 0, deaths = 0, cancel_wanted_at = null,
                   finished_at = null
             where organization_id = $1 and id = $2 and status in ('waiting', 'failed', 'cancelled')
            returning kind
        ),
        told as (select pg_notify('groundswell_jobs', '') from again)
        select again.kind from again, told"#,
        org,
        id as JobId,
    )
    .fetch_optional(conn)
    .await
}

/// Calls a job off: one that waits at once, one that runs as soon as it listens.
pub(super) async fn cancel(
    conn: &mut PgConnection,
    org: Uuid,
    id: JobId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update job_queue
            set cancel_wanted_at = $3,
                status = case status when 'waiting' then 'cancelled' else status end,
                finished_at = case status when 'waiting' then now() end
          where organization_id = $1 and id = $2 and status in ('waiting', 'running')
        returning kind",
        org,
        id as JobId,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Jobs of an organization that are over and name somebody: by their id, or by what this pattern holds.
pub async fn naming(
    conn: &mut PgConnection,
    org: Uuid,
    (id, pattern): (Uuid, &str),
) -> sqlx::Result<Vec<Value>> {
    sqlx::query_scalar!(
        r#"select jsonb_build_object('id', id, 'kind', kind, 'payload', payload, 'created_at', created_at,
                                     'last_error', last_error, 'dedupe_key', dedupe_key) as "row!"
             from job_queue
            where organization_id = $1 and status in ('done', 'failed', 'cancelled')
              and (position($2 in payload::text) > 0 or payload::text || ' ' || last_error || ' ' || coalesce(dedupe_key, '') ~ $3)
            order by id limit 10000"#,
        org,
        id.to_string(),
        pattern,
    )
    .fetch_all(conn)
    .await
}

/// Takes out of the same jobs what they were asked to do, and what went wrong.
pub async fn blank_naming(
    conn: &mut PgConnection,
    org: Uuid,
    (id, pattern): (Uuid, &str),
) -> sqlx::Result<u64> {
    let blanked = sqlx::query!(
        "update job_queue set payload = '{}', last_error = '', dedupe_key = null
          where organization_id = $1 and status in ('done', 'failed', 'cancelled')
            and (position($2 in payload::text) > 0 or payload::text || ' ' || last_error || ' ' || coalesce(dedupe_key, '') ~ $3)",
        org,
        id.to_string(),
        pattern,
    );
    Ok(blanked.execute(conn).await?.rows_affected())
}
