//! All SQL of the pages behind a mail's links.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    contacts::{ContactId, consent::TopicId},
    tenancy::OrgTx,
};

/// Somebody as the broadcast knew them, and what it was about.
pub(super) struct Recipient {
    /// Who they are now: whoever they became part of, where they did.
    pub person: ContactId,
    pub address: String,
    /// Whether they are a contact still.
    pub is_here: bool,
    pub topic: Option<TopicId>,
    /// The topic's name; empty without one.
    pub topic_name: String,
}

pub(super) async fn recipient(
    tx: &mut OrgTx,
    broadcast: Uuid,
    contact: Uuid,
) -> sqlx::Result<Option<Recipient>> {
    let org = tx.org();
    sqlx::query_as!(
        Recipient,
        r#"select coalesce(c.merged_into, r.contact_id) as "person!: ContactId", r.address, c.id is not null as "is_here!", b.topic_id as "topic: TopicId",
                  coalesce(t.name, '') as "topic_name!"
             from recipients r
             join broadcasts b on b.organization_id = $1 and b.id = r.broadcast_id
             left join contacts c on c.organization_id = $1 and c.id = r.contact_id
             left join subscription_topics t on t.organization_id = $1 and t.id = b.topic_id
            where r.organization_id = $1 and r.broadcast_id = $2 and r.contact_id = $3"#,
        org,
        broadcast,
        contact,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes down that this mail made somebody go; the first time counts.
pub(super) async fn unsubscribed(
    tx: &mut OrgTx,
    (broadcast, contact): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update recipients set unsubscribed_at = $4
          where organization_id = $1 and broadcast_id = $2 and contact_id = $3 and unsubscribed_at is null",
        org,
        broadcast,
        contact,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected() == 1)
}

/// A mail as it was sent to somebody.
pub(super) struct Sent {
    pub subject: String,
    pub preview_text: String,
    pub html: String,
    pub text: String,
    pub merge: Value,
    pub track_clicks: bool,
    /// The organization's postal address.
    pub postal: String,
}

pub(super) async fn sent(tx: &mut OrgTx, broadcast: Uuid, contact: Uuid) -> sqlx::Result<Option<Sent>> {
    let org = tx.org();
    sqlx::query_as!(
        Sent,
        r#"select b.subject, b.preview_text, v.html, v.plain_text as text, r.merge, b.track_clicks,
                  coalesce(p.postal_address, '') as "postal!"
             from recipients r
             join broadcasts b on b.organization_id = $1 and b.id = r.broadcast_id
             join design_versions v on v.organization_id = $1 and v.id = b.version_id
             left join brand_profiles p on p.organization_id = $1
            where r.organization_id = $1 and r.broadcast_id = $2 and r.contact_id = $3"#,
        org,
        broadcast,
        contact,
    )
    .fetch_optional(tx.conn())
    .await
}
