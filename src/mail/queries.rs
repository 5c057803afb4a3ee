//! The SQL of the queue. The built-in mailbox has its own.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{MailId, Message};

/// Stores a message. `false` when its key is known.
pub(super) async fn insert(
    conn: &mut PgConnection,
    (id, idempotency_key): (MailId, &str),
    message: &Message,
    source: &[u8],
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into mail_messages
             (id, idempotency_key, kind, recipient, subject, source, status, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
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
    Ok(done.rows_affected() == 1)
}

/// A message that waits to be sent.
pub(super) struct Waiting {
    pub kind: String,
    pub recipient: String,
    pub source: Vec<u8>,
}

pub(super) async fn waiting(conn: &mut PgConnection, id: MailId) -> sqlx::Result<Option<Waiting>> {
    sqlx::query_as!(
        Waiting,
        "select kind, recipient, source from mail_messages where id = $1 and status = 'queued'",
        id as MailId
    )
    .fetch_optional(conn)
    .await
}

/// The server took it. Keeps `headers` and forgets the rest.
pub(super) async fn mark_sent(
    conn: &mut PgConnection,
    id: MailId,
    headers: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mail_messages
            set status = 'sent', sent_at = $2, source = $3, attempts = attempts + 1, last_error = ''
          where id = $1 and status = 'queued'",
        id as MailId,
        now,
        headers,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It was not taken. `for_good` when nobody tries again by themselves.
pub(super) async fn mark_not_sent(
    conn: &mut PgConnection,
    id: MailId,
    why: &str,
    for_good: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mail_messages
            set status = case when $3 then 'failed' else 'queued' end, attempts = attempts + 1, last_error = $2
          where id = $1 and status = 'queued'",
        id as MailId,
        why,
        for_good,
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
        r#"select count(*) filter (where status = 'queued') as "waiting!",
                  min(created_at) filter (where status = 'queued') as oldest,
                  count(*) filter (where status = 'failed') as "failed!"
             from mail_messages
            where status in ('queued', 'failed')"#
    )
    .fetch_one(conn)
    .await
}

/// What is kept under these keys, each as it was sent.
pub async fn kept_under(conn: &mut PgConnection, keys: &[String]) -> sqlx::Result<Vec<serde_json::Value>> {
    sqlx::query_scalar!(
        r#"select (to_jsonb(m) - 'source') || jsonb_build_object('source', encode(m.source, 'escape')) as "row!"
             from mail_messages m where idempotency_key = any ($1) order by id"#,
        keys,
    )
    .fetch_all(conn)
    .await
}

pub async fn forget_under(conn: &mut PgConnection, keys: &[String]) -> sqlx::Result<u64> {
    let gone = sqlx::query!("delete from mail_messages where idempotency_key = any ($1)", keys);
    Ok(gone.execute(conn).await?.rows_affected())
}
