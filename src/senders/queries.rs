//! All SQL of senders.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::SenderId;
use crate::tenancy::OrgTx;

/// A sender as it is kept.
#[derive(Clone, Debug)]
pub(super) struct KeptSender {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub reply_to: String,
}

/// One sender, archived or not.
pub(super) async fn sender(tx: &mut OrgTx, id: SenderId) -> sqlx::Result<Option<KeptSender>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptSender,
        "select id, name, email, reply_to from sender_identities where organization_id = $1 and id = $2",
        org,
        id as SenderId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Those that can be chosen.
pub(super) async fn senders(tx: &mut OrgTx) -> sqlx::Result<Vec<KeptSender>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptSender,
        "select id, name, email, reply_to from sender_identities
          where organization_id = $1 and archived_at is null
          order by lower(name), email
          limit 200",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// The keys of a domain, by where they are kept.
pub(super) struct KeysOf {
    pub rsa_selector: String,
    pub ed25519_selector: String,
    pub rsa_secret_id: Uuid,
    pub ed25519_secret_id: Uuid,
}

pub(super) async fn keys_of(tx: &mut OrgTx, domain: &str) -> sqlx::Result<Option<KeysOf>> {
    let org = tx.org();
    sqlx::query_as!(
        KeysOf,
        "select rsa_selector, ed25519_selector, rsa_secret_id, ed25519_secret_id
           from sending_domains where organization_id = $1 and domain = $2",
        org,
        domain,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The organization's own mail server.
#[derive(Clone, Debug)]
pub(super) struct KeptServer {
    pub host: String,
    pub port: i32,
    pub encryption: String,
    pub username: String,
    pub secret_id: Option<Uuid>,
    pub connections: i32,
    pub per_second: Option<i32>,
    pub checked_at: Option<DateTime<Utc>>,
    pub last_error: String,
}

pub(super) async fn server(tx: &mut OrgTx) -> sqlx::Result<Option<KeptServer>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptServer,
        "select host, port, encryption, username, secret_id, connections, per_second, checked_at, last_error
           from mail_servers where organization_id = $1",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}
