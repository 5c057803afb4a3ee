//! What the worker asks of the queue, across organizations, as `groundswell_worker`.

use serde_json::Value;
use sqlx::{PgConnection, postgres::PgListener};
use uuid::Uuid;

use crate::{
    db::Db,
    jobs::{AtWork, Failure, JobId, Kinds},
};

/// A job that this process, and no other, may do until its lease ends.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub organization_id: Uuid,
    pub id: JobId,
    pub kind: String,
    pub payload: Value,
    pub attempts: i32,
    pub max_attempts: i32,
}

/// Takes up to `limit` jobs that are due, from every organization in turn, beginning behind `last`.
///
/// Walks from organization to organization by the index, so that it costs the same however many jobs one
/// of them has; takes at most `each` of one, and none of one that has `each` running.
pub(super) async fn claim(
    conn: &mut PgConnection,
    (holder, pulse): (Uuid, Option<i64>),
    kinds: &Kinds,
    (limit, each): (i64, i64),
    last: Uuid,
) -> sqlx::Result<Vec<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"
        with recursive waiting as (
            (select organization_id as org from job_queue where status = 'waiting' order by organization_id limit 1)
            union all
            select (select q.organization_id from job_queue q
                     where q.status = 'waiting' and q.organization_id > w.org
                     order by q.organization_id limit 1)
              from waiting w where w.org is not null
        ),
        -- The first few of each, and what is running already.
        first as materialized (
            select j.organization_id, j.id, j.run_at, running.count
              from waiting w
              cross join lateral (
                  select count(*) from job_queue r where r.organization_id = w.org and r.status = 'running'
              ) running
              cross join lateral (
                  select q.organization_id, q.id, q.run_at from job_queue q
                   where q.organization_id = w.org and q.status = 'waiting' and q.run_at <= now()
                     and q.kind = any($2)
                   order by q.run_at, q.id
                   limit $4
                   for update skip locked
              ) j
             where w.org is not null
        ),
        -- One of each organization before the second of any.
        due as (
            select organization_id, id from (
                select f.*, f.count + row_number() over (partition by f.organization_id order by f.run_at, f.id) as turn
                  from first f
            ) ranked
             where turn <= $4
             order by turn, organization_id <= $5, organization_id
             limit $3
        )
        update job_queue j
           set status = 'running', holder = $1, pulse = $7, leased_until = now() + interval '60 seconds',
               attempts = attempts + 1, started_at = now(), cancel_wanted_at = null,
               dedupe_key = case when kind = any($6) then null else dedupe_key end
          from due
         where j.organization_id = due.organization_id and j.id = due.id
        returning j.organization_id, j.id as "id: JobId", j.kind, j.payload, j.attempts, j.max_attempts"#,
        holder,
        &kinds.names(),
        limit,
        each,
        last,
        &kinds.letting_go(),
        pulse,
    )
    .fetch_all(conn)
    .await
}

/// Keeps these jobs, and gives those of them that are to be stopped: called off, or no longer ours. Does not
/// wait for a transaction that makes sure of its job right now: that one is at work.
pub(super) async fn keep(conn: &mut PgConnection, holder: Uuid, ids: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let ours = sqlx::query!(
        r#"with free as materialized (
             select organization_id, id from job_queue
              where holder = $1 and status = 'running' and id = any($2) and leased_until > now()
              for update skip locked
         ),
         kept as (
             update job_queue j set leased_until = now() + interval '60 seconds'
               from free where j.organization_id = free.organization_id and j.id = free.id
         )
         select id, cancel_wanted_at is not null as "called_off!" from job_queue
          where holder = $1 and status = 'running' and id = any($2) and leased_until > now()"#,
        holder,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let goes_on = |id: &Uuid| ours.iter().any(|row| row.id == *id && !row.called_off);
    Ok(ids.iter().copied().filter(|id| !goes_on(id)).collect())
}

/// Holds a lock for as long as this connection lives; `false` when another holds it.
pub(super) async fn hold(listener: &mut PgListener, pulse: i64) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "held!""#, pulse);
    held.fetch_one(listener).await
}

/// Takes back what processes fell silent with: to be tried by another, or set aside after the third. Silent is
/// who has not renewed for a minute; or for three seconds, and whose lock is gone, unless the database itself
/// has just come back, which lets go of all locks.
pub(super) async fn take_back(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update job_queue
            set status = case when cancel_wanted_at is not null then 'cancelled'
                              when deaths + 1 >= 3 then 'failed' else 'waiting' end,
                finished_at = case when cancel_wanted_at is not null or deaths + 1 >= 3 then now() end,
                deaths = deaths + 1, run_at = now(), holder = null, leased_until = null,
                last_error = case when deaths + 1 >= 3
                    then 'Set aside: three processes in a row ended or fell silent while doing this.'
                    else 'The process that did this ended or fell silent.' end
          where status = 'running'
            and (leased_until <= now()
                 or pulse is not null and leased_until <= now() + interval '57 seconds'
                    and pg_postmaster_start_time() < now() - interval '10 seconds'
                    and not exists (select from pg_locks l
                                     where l.locktype = 'advisory' and l.objsubid = 1
                                       and l.database = (select oid from pg_database where datname = current_database())
                                       and (l.classid::bigint << 32) | l.objid::bigint = job_queue.pulse))"
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Puts down what was called off. Waits for a transaction that made sure the job is its own.
pub(super) async fn call_off(conn: &mut PgConnection, holder: Uuid, ids: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "update job_queue set status = 'cancelled', finished_at = now(), holder = null, leased_until = null
          where holder = $1 and status = 'running' and id = any($2) and cancel_wanted_at is not null",
        holder,
        ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives back what a process that stops could not finish: no attempt was made.
pub(super) async fn give_back(conn: &mut PgConnection, holder: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update job_queue
            set status = 'waiting', attempts = attempts - 1, run_at = now(), holder = null, leased_until = null
          where holder = $1 and status = 'running'",
        holder,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says so of work that nobody has known for an hour. Until then a newer program may come that does.
pub(super) async fn fail_unknown(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "update job_queue
            set status = 'failed', finished_at = now(), last_error = 'No program that runs here knows this kind of work.'
          where status = 'waiting' and run_at < now() - interval '1 hour' and kind <> all($1)",
        known,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How an attempt ended, for the row.
pub(super) struct Ending<'a> {
    /// `done`, `waiting`, `failed` or `cancelled`.
    pub status: &'a str,
    pub error: &'a str,
    /// When it is tried again.
    pub pause: std::time::Duration,
}

/// Writes down how an attempt ended, while it is still ours to tell. `was_none` when it does not count.
pub(super) async fn end(
    conn: &mut PgConnection,
    at_work: &AtWork,
    ending: &Ending<'_>,
    was_none: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update job_queue
            set status = case when $4 = 'waiting' and cancel_wanted_at is not null then 'cancelled' else $4 end,
                last_error = $5, run_at = now() + make_interval(secs => $6),
                attempts = attempts - case when $8 then 1 else 0 end,
                finished_at = case when $4 <> 'waiting' or cancel_wanted_at is not null then now() end,
                deaths = case when $4 = 'done' then 0 else deaths end,
                holder = null, leased_until = null
          where organization_id = $7 and id = $1 and holder = $2 and attempts = $3 and status = 'running'",
        at_work.id as JobId,
        at_work.holder,
        at_work.attempt,
        ending.status,
        ending.error,
        ending.pause.as_secs_f64(),
        at_work.org,
        was_none,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::jobs) async fn progress(
    at_work: &AtWork,
    done: i64,
    total: Option<i64>,
) -> Result<bool, Failure> {
    let told = sqlx::query!(
        // What comes further is not what takes processes down with it.
        "update job_queue set deaths = case when $4 > items_done then 0 else deaths end,
                items_done = $4, items_total = $5
          where organization_id = $6 and id = $1 and holder = $2 and attempts = $3 and status = 'running'
            and cancel_wanted_at is null",
        at_work.id as JobId,
        at_work.holder,
        at_work.attempt,
        done,
        total,
        at_work.org,
    )
    .execute(&mut *at_work.queue.connection().await?)
    .await?;
    Ok(told.rows_affected() == 1)
}

/// How many jobs wait whose time has come, and for how many seconds the oldest has: for probes and metrics.
pub(super) async fn backlog(db: &Db) -> sqlx::Result<(i64, f64)> {
    let row = sqlx::query!(
        r#"select count(*) as "due!", coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as "oldest!"
             from job_queue where status = 'waiting' and run_at <= now()"#
    )
    .fetch_one(&mut *db.connection().await?)
    .await?;
    Ok((row.due, row.oldest))
}

/// Forgets what was done a week ago, and what failed or was called off three months ago.
pub(super) async fn forget(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from job_queue
          where finished_at < now() - interval '7 days'
            and (status = 'done' or finished_at < now() - interval '90 days')"
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
