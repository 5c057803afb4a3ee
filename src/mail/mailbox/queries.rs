//! The SQL of the built-in mailbox.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    mail::MailId,
    web::page::{Cursor, Going, PAGE, Page},
};

/// A line of the list.
pub struct Line {
    pub id: MailId,
    pub recipient: String,
    pub subject: String,
    pub status: String,
    pub created_at: DateTime<Utc>,
}

/// A message and how its sending stands.
pub struct Stored {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub subject: String,
    pub source: Vec<u8>,
    pub status: String,
    pub attempts: i32,
    pub last_error: String,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// A page of the list, newest first. `search` is part of an address or a subject; empty is everything.
pub async fn page(
    conn: &mut PgConnection,
    search: &str,
    from: Option<Cursor>,
    going: Going,
) -> sqlx::Result<Page<Line>> {
    let at: Option<DateTime<Utc>> = from.as_ref().and_then(|cursor| cursor.value.parse().ok());
    let id = from.as_ref().map(|cursor| cursor.id);
    let limit = PAGE as i64 + 1;
    let like = format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows = match going {
        Going::Forward => {
            sqlx::query_as!(
                Line,
                r#"select id as "id: MailId", recipient, subject, status, created_at
                     from mail_messages
                    where (recipient ilike $1 or subject ilike $1)
                      and ($2::timestamptz is null or (created_at, id) < ($2, $3))
                    order by created_at desc, id desc
                    limit $4"#,
                like,
                at,
                id,
                limit,
            )
            .fetch_all(conn)
            .await?
        }
        Going::Back => {
            sqlx::query_as!(
                Line,
                r#"select id as "id: MailId", recipient, subject, status, created_at
                     from mail_messages
                    where (recipient ilike $1 or subject ilike $1)
                      and ($2::timestamptz is null or (created_at, id) > ($2, $3))
                    order by created_at, id
                    limit $4"#,
                like,
                at,
                id,
                limit,
            )
            .fetch_all(conn)
            .await?
        }
    };
    let cursor = |line: &Line| Cursor { value: line.created_at.to_rfc3339(), id: line.id.0 };
    Ok(Page::cut(rows, going, from.is_none(), cursor))
}

pub async fn find(conn: &mut PgConnection, id: MailId) -> sqlx::Result<Option<Stored>> {
    sqlx::query_as!(
        Stored,
        r#"select id as "id: MailId", kind, recipient, subject, source, status, attempts, last_error,
                  created_at, sent_at
             from mail_messages
            where id = $1"#,
        id as MailId,
    )
    .fetch_optional(conn)
    .await
}

/// The newest message to one address.
pub(super) async fn latest(conn: &mut PgConnection, recipient: &str) -> sqlx::Result<Option<Stored>> {
    sqlx::query_as!(
        Stored,
        r#"select id as "id: MailId", kind, recipient, subject, source, status, attempts, last_error,
                  created_at, sent_at
             from mail_messages
            where recipient = $1
            order by created_at desc, id desc
            limit 1"#,
        recipient,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn delete(conn: &mut PgConnection, ids: &[uuid::Uuid]) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from mail_messages where id = any($1)", ids).execute(conn).await?;
    Ok(done.rows_affected())
}

pub(super) async fn delete_all(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from mail_messages").execute(conn).await?;
    Ok(done.rows_affected())
}

/// Puts a message that was not sent back in the queue. `false` when there is nothing to try again.
pub(super) async fn retry(conn: &mut PgConnection, id: MailId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update mail_messages set status = 'queued' where id = $1 and status in ('queued', 'failed', 'kept')",
        id as MailId,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
