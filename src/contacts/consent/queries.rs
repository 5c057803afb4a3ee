//! The SQL of topics, consents and suppressions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    LastWord, NewConsent, Said, Topic, TopicId,
    together::{Line, Word},
};
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn topics(tx: &mut OrgTx) -> sqlx::Result<Vec<Topic>> {
    let org = tx.org();
    sqlx::query_as!(
        Topic,
        "select id, name, description from subscription_topics
          where organization_id = $1 and archived_at is null
          order by position, id
          limit 100",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// What these are called, archived ones too.
pub(super) async fn topic_names(tx: &mut OrgTx, topics: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from subscription_topics where organization_id = $1 and id = any($2)",
        org,
        topics,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// `false` when another topic has the name.
pub(super) async fn insert_topic(
    tx: &mut OrgTx,
    id: TopicId,
    (name, description): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into subscription_topics (organization_id, id, name, description, position, created_at)
         select $1, $2, $3, $4, coalesce(max(position), 0) + 1, $5 from subscription_topics where organization_id = $1
         on conflict do nothing",
        org,
        id as TopicId,
        name,
        description,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a topic out of what people can choose from, and gives its name.
pub(super) async fn archive_topic(
    tx: &mut OrgTx,
    id: TopicId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update subscription_topics set archived_at = $3
          where organization_id = $1 and id = $2 and archived_at is null
        returning name",
        org,
        id as TopicId,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn insert(tx: &mut OrgTx, new: &NewConsent<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into consents (organization_id, contact_id, id, topic_id, state, paused_until, source, wording,
                               address, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        org,
        new.contact as ContactId,
        Uuid::now_v7(),
        new.topic as Option<TopicId>,
        new.state,
        new.paused_until,
        new.source,
        new.wording,
        new.address,
        new.by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What somebody said about e-mail, the newest first.
pub(super) async fn said(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Said>> {
    let org = tx.org();
    sqlx::query_as!(
        Said,
        r#"select t.name as "topic?", c.state, c.source, c.wording, c.paused_until, c.recorded_at
             from consents c
             left join subscription_topics t on t.organization_id = c.organization_id and t.id = c.topic_id
            where c.organization_id = $1 and c.contact_id = $2 and c.channel = 'email'
            order by c.id desc
            limit 20"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn last_words(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<LastWord>> {
    let org = tx.org();
    sqlx::query_as!(
        LastWord,
        r#"select distinct on (topic_id) topic_id as "topic: TopicId", state, paused_until, id
             from consents where organization_id = $1 and contact_id = $2 and channel = 'email'
            order by topic_id, id desc"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// Everything that somebody ever said, in the order in which it was said.
pub(super) async fn ledger(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Line>> {
    let org = tx.org();
    sqlx::query_as!(
        Line,
        r#"select id, channel, topic_id as "topic: TopicId", state, paused_until, wording
             from consents where organization_id = $1 and contact_id = $2
            order by id"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes a line, on whatever channel, and gives it.
pub(super) async fn say(
    tx: &mut OrgTx,
    contact: ContactId,
    word: &Word,
    (source, by, now): (&str, Uuid, DateTime<Utc>),
) -> sqlx::Result<Uuid> {
    let (org, id) = (tx.org(), Uuid::now_v7());
    sqlx::query!(
        "insert into consents (organization_id, contact_id, id, channel, topic_id, state, paused_until, source, wording,
                               recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        org,
        contact as ContactId,
        id,
        word.channel,
        word.topic as Option<TopicId>,
        word.state,
        word.paused_until,
        source,
        word.wording,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// Why this address is suppressed, when it is.
pub(super) async fn suppressed(tx: &mut OrgTx, email: &str) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select reason from suppressions
          where organization_id = $1 and channel = 'email' and address_hash = app.address_hash($1, $2)",
        org,
        email,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn suppress(
    tx: &mut OrgTx,
    address: &str,
    (reason, detail): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into suppressions (organization_id, channel, address_hash, address, reason, detail, created_at)
         values ($1, 'email', app.address_hash($1, $2), lower($2), $3, $4, $5)
         on conflict do nothing",
        org,
        address,
        reason,
        detail,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An address that is not written to.
#[derive(Clone, Debug)]
pub(super) struct Suppressed {
    /// In hexadecimal: names the row where the address is gone.
    pub hash: String,
    pub address: String,
    pub reason: String,
    pub detail: String,
    pub created_at: DateTime<Utc>,
}

/// The newest, of those whose address begins with what is looked for.
pub(super) async fn suppressions(tx: &mut OrgTx, begins: &str) -> sqlx::Result<Vec<Suppressed>> {
    let org = tx.org();
    sqlx::query_as!(
        Suppressed,
        r#"select encode(address_hash, 'hex') as "hash!", address, reason, detail, created_at
             from suppressions
            where organization_id = $1 and channel = 'email' and starts_with(address, $2)
            order by created_at desc, address_hash
            limit 200"#,
        org,
        begins,
    )
    .fetch_all(tx.conn())
    .await
}

/// Lets an address be written to again that somebody here put on the list. Gives the address.
pub(super) async fn release(tx: &mut OrgTx, hash: &[u8]) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from suppressions
          where organization_id = $1 and channel = 'email' and address_hash = $2 and reason in ('manual', 'soft_bounces')
        returning address",
        org,
        hash,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Who has this address.
pub(super) async fn holders(tx: &mut OrgTx, address: &str) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    let address = address.to_lowercase();
    sqlx::query_scalar!("select id from contacts where organization_id = $1 and email = $2", org, address)
        .fetch_all(tx.conn())
        .await
}
