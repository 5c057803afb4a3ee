//! The SQL of what comes back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Mail;
use crate::{campaigns::BroadcastId, db::Db, tenancy::OrgTx};

/// Whose broadcast a number is, and which.
pub(super) async fn broadcast_of(db: &Db, number: i64) -> sqlx::Result<Option<(Uuid, Uuid)>> {
    let found = sqlx::query!(
        r#"select organization_id as "org!", broadcast_id as "broadcast!" from app.broadcast_of($1)"#,
        number,
    )
    .fetch_optional(&mut *db.connection().await?)
    .await?;
    Ok(found.map(|row| (row.org, row.broadcast)))
}

/// Gives the address of whom it was for. `None` when it is known to have come back as badly.
pub(super) async fn mark_bounced(
    tx: &mut OrgTx,
    mail: Mail,
    (bounce, reason, detail): (&str, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update recipients
            set bounced_at = coalesce(bounced_at, $7), bounce = $4, bounce_reason = $5, bounce_detail = $6
          where organization_id = $1 and broadcast_id = $2 and contact_id = $3 and skipped = ''
            and (bounce = '' or (bounce = 'soft' and $4 = 'hard'))
        returning address",
        org,
        mail.broadcast as BroadcastId,
        mail.contact,
        bounce,
        reason,
        detail,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Gives the address of whom it was for. `None` when they are known to have complained about it.
pub(super) async fn mark_complained(
    tx: &mut OrgTx,
    mail: Mail,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update recipients set complained_at = $4
          where organization_id = $1 and broadcast_id = $2 and contact_id = $3 and skipped = ''
            and complained_at is null
        returning address",
        org,
        mail.broadcast as BroadcastId,
        mail.contact,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether so many mails were handed over to somebody since then, and all of the last so many came back softly.
pub(super) async fn only_soft(
    tx: &mut OrgTx,
    contact: Uuid,
    at_least: i64,
    since: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select (count(*) = $3 and bool_and(last.bounce = 'soft')) as "only_soft!"
             from (select r.bounce
                     from recipients r
                     join channel_outbox o
                       on o.organization_id = $1 and o.source_id = r.broadcast_id and o.subject_id = r.contact_id
                      and o.step = 0
                    where r.organization_id = $1 and r.contact_id = $2 and o.handed_at >= $4
                    order by o.handed_at desc
                    limit $3) last"#,
        org,
        contact,
        at_least,
        since,
    )
    .fetch_one(tx.conn())
    .await
}

/// `false` when it was for nobody.
pub(super) async fn mark_unsubscribed(tx: &mut OrgTx, mail: Mail, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update recipients set unsubscribed_at = coalesce(unsubscribed_at, $4)
          where organization_id = $1 and broadcast_id = $2 and contact_id = $3",
        org,
        mail.broadcast as BroadcastId,
        mail.contact,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether their last word about mail as a whole was that they want none; `None` when they are gone.
pub(super) async fn is_withdrawn(tx: &mut OrgTx, contact: Uuid) -> sqlx::Result<Option<bool>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select coalesce((select s.state = 'withdrawn' from consents s
                             where s.organization_id = $1 and s.contact_id = $2 and s.channel = 'email'
                               and s.topic_id is null
                             order by s.id desc limit 1), false) as "is_withdrawn!"
             from contacts c where c.organization_id = $1 and c.id = $2"#,
        org,
        contact,
    )
    .fetch_optional(tx.conn())
    .await
}
