//! Whose turn it is, and what was done. All SQL of the worker.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{db::Db, web::App};

/// A holder that is silent for so long has lost its turn.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);

/// What was done since it was last written down.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    pub runs: i64,
    pub items: i64,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Empty when the last run went well.
    pub error: String,
}

/// Takes the turn of a task, or keeps it. `false` while another process has it.
pub(super) async fn hold(db: &Db, name: &str, holder: uuid::Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let held = sqlx::query!(
        "insert into worker_tasks as t (name, holder, held_until, next_run_at)
         values ($1, $2, $3, $4)
         on conflict (name) do update
             set holder = excluded.holder, held_until = excluded.held_until
           where t.holder = excluded.holder or t.held_until <= $4",
        name,
        holder,
        now + LEASE,
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(held.rows_affected() == 1)
}

/// Writes down what was done, while the turn is still ours.
pub(super) async fn record(
    db: &Db,
    name: &str,
    holder: uuid::Uuid,
    done: &Done,
    next_run_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update worker_tasks
            set runs = runs + $3, items = items + $4, last_started_at = coalesce($5, last_started_at),
                last_finished_at = coalesce($6, last_finished_at), last_error = $7, next_run_at = $8
          where name = $1 and holder = $2",
        name,
        holder,
        done.runs,
        done.items,
        done.started_at,
        done.finished_at,
        done.error,
        next_run_at,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

/// Lets the next process begin at once.
pub(super) async fn release(db: &Db, name: &str, holder: uuid::Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update worker_tasks set held_until = $3 where name = $1 and holder = $2",
        name,
        holder,
        now
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}

/// How a task stands.
#[derive(Clone, Debug)]
pub struct Report {
    pub name: String,
    pub last_finished_at: Option<DateTime<Utc>>,
    pub last_error: String,
    pub runs: i64,
    pub items: i64,
    pub next_run_at: DateTime<Utc>,
}

/// How every task stands that ever ran here.
pub async fn reports(app: &App) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as!(
        Report,
        "select name, last_finished_at, last_error, runs, items, next_run_at from worker_tasks order by name"
    )
    .fetch_all(&mut *app.db.connection().await?)
    .await
}
