//! The SQL of schedules, as `groundswell_worker`.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::Schedule;
use crate::{jobs::INSTALLATION, web::App};

pub(super) async fn now(conn: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(conn).await
}

/// Writes a schedule down; one with the same times keeps its place.
pub(super) async fn keep(
    conn: &mut PgConnection,
    schedule: &Schedule,
    next: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into job_schedules as s (name, pattern, time_zone, next_run_at, max_attempts) values ($1, $2, $3, $4, $5)
         on conflict (name) do update
            set pattern = excluded.pattern, time_zone = excluded.time_zone, max_attempts = excluded.max_attempts,
                next_run_at = case when (s.pattern, s.time_zone) = (excluded.pattern, excluded.time_zone)
                                   then s.next_run_at else excluded.next_run_at end",
        schedule.kind,
        schedule.pattern,
        schedule.time_zone.name(),
        next,
        schedule.attempts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets schedules that this program does not have and whose time is over: an older one may run beside it.
pub(super) async fn forget_others(conn: &mut PgConnection, kinds: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from job_schedules where name <> all($1) and next_run_at < now() - interval '1 day'",
        kinds
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A schedule whose time has come.
pub(super) struct Due {
    pub name: String,
    pub pattern: String,
    pub time_zone: String,
    pub next_run_at: DateTime<Utc>,
    pub max_attempts: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn due(conn: &mut PgConnection) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"select name, pattern, time_zone, next_run_at, max_attempts, now() as "now!"
             from job_schedules where next_run_at <= now() order by name"#
    )
    .fetch_all(conn)
    .await
}

/// Moves the schedule on and orders its job, both or neither. `false` when another process just did.
pub(super) async fn order(conn: &mut PgConnection, due: &Due, next: DateTime<Utc>) -> sqlx::Result<bool> {
    let mut tx = conn.begin().await?;
    let moved = sqlx::query!(
        "update job_schedules set next_run_at = $3, last_run_at = now() where name = $1 and next_run_at = $2",
        due.name,
        due.next_run_at,
        next,
    )
    .execute(&mut *tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into job_queue (organization_id, id, kind, payload, dedupe_key, max_attempts)
         values ($1, $2, $3, 'null', 'scheduled', $4)
         on conflict (organization_id, kind, dedupe_key)
             where dedupe_key is not null and status in ('waiting', 'running') do nothing",
        INSTALLATION,
        Uuid::now_v7(),
        due.name,
        due.max_attempts,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// How a schedule stands, with what became of its job last.
#[derive(Clone, Debug)]
pub struct Standing {
    pub name: String,
    pub pattern: String,
    pub time_zone: String,
    pub next_run_at: DateTime<Utc>,
    pub last_run_at: Option<DateTime<Utc>>,
    /// The newest job of it: its status and last error.
    pub last_status: Option<String>,
    pub last_error: Option<String>,
}

/// How every schedule stands, by name.
pub async fn standings(app: &App) -> sqlx::Result<Vec<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"select s.name, s.pattern, s.time_zone, s.next_run_at, s.last_run_at,
                  j.status as "last_status?", j.last_error as "last_error?"
             from job_schedules s
             left join lateral (
                 select q.status, q.last_error from job_queue q
                  where q.organization_id = $1 and q.kind = s.name order by q.id desc limit 1
             ) j on true
            order by s.name"#,
        INSTALLATION,
    )
    .fetch_all(&mut *app.queue.connection().await?)
    .await
}
