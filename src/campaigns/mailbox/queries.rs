//! The SQL of the built-in mailbox.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Kept;
use crate::{campaigns::BroadcastId, tenancy::OrgTx};

pub(super) async fn insert(
    tx: &mut OrgTx,
    broadcast: BroadcastId,
    kept: &[Kept],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    let ids: Vec<Uuid> = kept.iter().map(|_| Uuid::now_v7()).collect();
    let recipients: Vec<String> = kept.iter().map(|one| one.to.to_string()).collect();
    let subjects: Vec<String> = kept.iter().map(|one| one.subject.chars().take(1000).collect()).collect();
    let sources: Vec<&[u8]> = kept.iter().map(|one| one.source.as_slice()).collect();
    sqlx::query!(
        "insert into kept_mail (organization_id, id, broadcast_id, recipient, subject, source, kept_at)
         select $1, u.id, $2, u.recipient, u.subject, u.source, $3
           from unnest($4::uuid[], $5::text[], $6::text[], $7::bytea[]) as u (id, recipient, subject, source)",
        org,
        broadcast as BroadcastId,
        now,
        &ids,
        &recipients,
        &subjects,
        &sources as &[&[u8]],
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets all but the newest.
pub(super) async fn forget(tx: &mut OrgTx, keep: i64) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from kept_mail
          where organization_id = $1
            and id < (select id from kept_mail where organization_id = $1 order by id desc offset $2 limit 1)",
        org,
        keep - 1,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many links a broadcast has.
pub(super) async fn links(tx: &mut OrgTx, number: i64) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from tracked_links l
             join broadcasts b on b.organization_id = l.organization_id and b.id = l.broadcast_id
            where l.organization_id = $1 and b.number = $2"#,
        org,
        number,
    )
    .fetch_one(tx.conn())
    .await
}
