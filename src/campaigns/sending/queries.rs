//! The SQL of sending.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::plan::Reader;
use crate::{campaigns::BroadcastId, outbox::Claimed, tenancy::OrgTx};

/// Waits until nobody else decides about this broadcast, and keeps it so until the end of the transaction.
pub(super) async fn lock(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select 1 as one from broadcasts where organization_id = $1 and id = $2 for update",
        org,
        id as BroadcastId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn is_sending(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from broadcasts where organization_id = $1 and id = $2 and status = 'sending') as "is!""#,
        org,
        id as BroadcastId,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn set_out(tx: &mut OrgTx, id: BroadcastId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = 'sending', started_at = coalesce(started_at, $3), updated_at = $3, trouble = ''
          where organization_id = $1 and id = $2",
        org,
        id as BroadcastId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Pauses it for a reason that no person had.
pub(super) async fn hold(tx: &mut OrgTx, id: BroadcastId, why: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = 'paused', trouble = $3, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        id as BroadcastId,
        why,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn fail(tx: &mut OrgTx, id: BroadcastId, why: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = 'failed', trouble = $3, finished_at = $4, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        id as BroadcastId,
        why,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn finish(tx: &mut OrgTx, id: BroadcastId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set status = 'sent', finished_at = $3, updated_at = $3, trouble = ''
          where organization_id = $1 and id = $2 and status = 'sending'",
        org,
        id as BroadcastId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn note_trouble(
    tx: &mut OrgTx,
    id: BroadcastId,
    words: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update broadcasts set trouble = left($3, 1000), updated_at = $4
          where organization_id = $1 and id = $2 and status = 'sending' and trouble <> left($3, 1000)",
        org,
        id as BroadcastId,
        words,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Both templates of what was frozen.
pub(super) async fn version(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<(String, String)> {
    let org = tx.org();
    let row = sqlx::query!(
        "select html, plain_text from design_versions where organization_id = $1 and id = $2",
        org,
        id,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.html, row.plain_text))
}

/// Those who were claimed, in the order of their ids.
pub(super) async fn readers(
    tx: &mut OrgTx,
    id: BroadcastId,
    claimed: &[Claimed],
) -> sqlx::Result<Vec<Reader>> {
    let org = tx.org();
    let subjects: Vec<Uuid> = claimed.iter().map(|claimed| claimed.subject).collect();
    let rows = sqlx::query!(
        "select contact_id, address, merge from recipients
          where organization_id = $1 and broadcast_id = $2 and contact_id = any($3)
          order by contact_id",
        org,
        id as BroadcastId,
        &subjects,
    )
    .fetch_all(tx.conn())
    .await?;
    let attempts: HashMap<Uuid, i16> =
        claimed.iter().map(|claimed| (claimed.subject, claimed.attempts)).collect();
    Ok(rows
        .into_iter()
        .map(|row| Reader {
            contact: row.contact_id,
            address: row.address,
            merge: row.merge,
            attempts: attempts.get(&row.contact_id).copied().unwrap_or_default(),
        })
        .collect())
}

/// How many messages are over, whatever became of them.
pub(super) async fn over(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from channel_outbox
            where organization_id = $1 and source_id = $2 and status not in ('scheduled', 'claimed', 'handing_over')"#,
        org,
        id as BroadcastId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Remembers whom a server said nobody is: they came back for ever, and are not written to again.
pub(super) async fn nobody_there(
    tx: &mut OrgTx,
    id: BroadcastId,
    nobody: &[(Uuid, String)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if nobody.is_empty() {
        return Ok(());
    }
    let org = tx.org();
    let contacts: Vec<Uuid> = nobody.iter().map(|(contact, _)| *contact).collect();
    let words: Vec<String> = nobody.iter().map(|(_, words)| words.chars().take(500).collect()).collect();
    sqlx::query!(
        "with gone as (
             update recipients r
                set bounced_at = $3, bounce = 'hard', bounce_reason = 'mailbox_unknown', bounce_detail = u.words
               from unnest($4::uuid[], $5::text[]) as u (contact_id, words)
              where r.organization_id = $1 and r.broadcast_id = $2 and r.contact_id = u.contact_id
             returning r.address, u.words
         )
         insert into suppressions (organization_id, channel, address_hash, address, reason, detail, created_at)
         select $1, 'email', app.address_hash($1, address), address, 'hard_bounce', left(words, 1000), $3 from gone
         on conflict do nothing",
        org,
        id as BroadcastId,
        now,
        &contacts,
        &words,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
