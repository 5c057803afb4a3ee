//! The SQL of the queue. The built-in mailbox has its own.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{MailId, Message};

/// Stores a message, unless its key is known.
pub(super) async fn insert(
    conn: &mut PgConnection,
    (id, idempotency_key): (MailId, &str),
    message: &Message,
    source: &[u8],
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mail_messages
             (id, idempotency_key, kind, recipient, subject, source, status, next_attempt_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (idempotency_key) do nothing",
        id as MailId,
        idempotency_key,
        message.kind,
        message.to.as_str(),
        message.subject_line(),
        source,
        status,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A message that this process, and no other, may try to send until its lease ends.
pub(super) struct Claimed {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub source: Vec<u8>,
    /// How often it was tried, this time included. Also says whose claim it is.
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
}

/// Takes messages whose time has come, oldest first, also from a process that died with them.
pub(super) async fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease_ends_at: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"
        -- Materialized, or the limit may be planned away.
        with due as materialized (
            select id
              from mail_messages
             where status in ('queued', 'sending') and next_attempt_at <= $1
             order by next_attempt_at
             limit $3
             for update skip locked
        )
        update mail_messages m
           set status = 'sending', attempts = attempts + 1, next_attempt_at = $2
          from due
         where m.id = due.id
        returning m.id as "id: MailId", m.kind, m.recipient, m.source, m.attempts, m.created_at"#,
        now,
        lease_ends_at,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The server took it. Keeps `headers` and forgets the rest.
pub(super) async fn mark_sent(
    conn: &mut PgConnection,
    claimed: &Claimed,
    headers: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mail_messages
            set status = 'sent', sent_at = $3, source = $4, last_error = ''
          where id = $1 and attempts = $2 and status = 'sending'",
        claimed.id as MailId,
        claimed.attempts,
        now,
        headers,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It was not taken: tried again at `next`, or never when there is none.
pub(super) async fn mark_not_sent(
    conn: &mut PgConnection,
    claimed: &Claimed,
    why: &str,
    next: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mail_messages
            set status = case when $4::timestamptz is null then 'failed' else 'queued' end,
                next_attempt_at = coalesce($4, next_attempt_at),
                last_error = $3
          where id = $1 and attempts = $2 and status = 'sending'",
        claimed.id as MailId,
        claimed.attempts,
        why,
        next,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what was settled before `before`. What was kept for lack of a server stays.
pub(super) async fn delete_settled(conn: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from mail_messages where status in ('sent', 'failed') and created_at < $1",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How much waits, since when, and how much failed: for the check of an installation.
pub struct Backlog {
    pub waiting: i64,
    pub oldest: Option<DateTime<Utc>>,
    pub failed: i64,
}

pub(super) async fn backlog(conn: &mut PgConnection) -> sqlx::Result<Backlog> {
    sqlx::query_as!(
        Backlog,
        r#"select count(*) filter (where status in ('queued', 'sending')) as "waiting!",
                  min(created_at) filter (where status in ('queued', 'sending')) as oldest,
                  count(*) filter (where status = 'failed') as "failed!"
             from mail_messages
            where status in ('queued', 'sending', 'failed')"#
    )
    .fetch_one(conn)
    .await
}
