//! All SQL of senders.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{DomainId, SenderId, domains, identities, own_server};
use crate::{secrets::SecretId, tenancy::OrgTx};

/// A sender as it is kept.
#[derive(Clone, Debug)]
pub(super) struct KeptSender {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub reply_to: String,
    pub is_archived: bool,
}

/// One sender, archived or not.
pub(super) async fn sender(tx: &mut OrgTx, id: SenderId) -> sqlx::Result<Option<KeptSender>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptSender,
        r#"select id, name, email, reply_to, archived_at is not null as "is_archived!"
             from sender_identities where organization_id = $1 and id = $2"#,
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
        r#"select id, name, email, reply_to, false as "is_archived!" from sender_identities
          where organization_id = $1 and archived_at is null
          order by lower(name), email
          limit 200"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// `false` when there is one of this name and address.
pub(super) async fn insert_sender(
    tx: &mut OrgTx,
    id: SenderId,
    sender: &identities::Checked,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into sender_identities (organization_id, id, name, email, reply_to, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        org,
        id as SenderId,
        sender.name,
        sender.email,
        sender.reply_to,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false` when another has this name and the same address.
pub(super) async fn update_sender(
    tx: &mut OrgTx,
    id: SenderId,
    sender: &identities::Checked,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update sender_identities set name = $3, reply_to = $4
          where organization_id = $1 and id = $2 and archived_at is null
            and not exists (select 1 from sender_identities o
                             where o.organization_id = $1 and o.id <> $2 and o.archived_at is null
                               and o.email = sender_identities.email and lower(o.name) = lower($3))",
        org,
        id as SenderId,
        sender.name,
        sender.reply_to,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a sender out of what can be chosen, and gives its name.
pub(super) async fn archive_sender(
    tx: &mut OrgTx,
    id: SenderId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update sender_identities set archived_at = $3
          where organization_id = $1 and id = $2 and archived_at is null
        returning name",
        org,
        id as SenderId,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

/// A domain as it is kept.
pub(super) struct KeptDomain {
    pub id: Uuid,
    pub domain: String,
    pub rsa_selector: String,
    pub ed25519_selector: String,
    pub rsa_public: String,
    pub ed25519_public: String,
}

pub(super) async fn domains(tx: &mut OrgTx) -> sqlx::Result<Vec<KeptDomain>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptDomain,
        "select id, domain, rsa_selector, ed25519_selector, rsa_public, ed25519_public
           from sending_domains where organization_id = $1
          order by domain
          limit 200",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// `false` when the domain is there already.
pub(super) async fn insert_domain(
    tx: &mut OrgTx,
    (id, domain): (DomainId, &str),
    (keys, rsa, ed25519): (&domains::Keys, SecretId, SecretId),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into sending_domains (organization_id, id, domain, rsa_selector, ed25519_selector, rsa_secret_id,
                                      ed25519_secret_id, rsa_public, ed25519_public, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict do nothing",
        org,
        id as DomainId,
        domain,
        keys.rsa.selector,
        keys.ed25519.selector,
        rsa as SecretId,
        ed25519 as SecretId,
        keys.rsa.public,
        keys.ed25519.public,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A domain that is gone, and the keys that are of no use any more.
pub(super) struct GoneDomain {
    pub domain: String,
    pub rsa_secret_id: Uuid,
    pub ed25519_secret_id: Uuid,
}

pub(super) async fn delete_domain(tx: &mut OrgTx, id: DomainId) -> sqlx::Result<Option<GoneDomain>> {
    let org = tx.org();
    sqlx::query_as!(
        GoneDomain,
        "delete from sending_domains where organization_id = $1 and id = $2
         returning domain, rsa_secret_id, ed25519_secret_id",
        org,
        id as DomainId,
    )
    .fetch_optional(tx.conn())
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
    pub per_domain: Option<i32>,
    pub checked_at: Option<DateTime<Utc>>,
    pub last_error: String,
}

pub(super) async fn server(tx: &mut OrgTx) -> sqlx::Result<Option<KeptServer>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptServer,
        "select host, port, encryption, username, secret_id, connections, per_second, per_domain, checked_at, last_error
           from mail_servers where organization_id = $1",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Another server makes what was found of the former one old news.
pub(super) async fn save_server(
    tx: &mut OrgTx,
    server: &own_server::Checked,
    secret: Option<SecretId>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into mail_servers (organization_id, host, port, encryption, username, secret_id, connections,
                                   per_second, per_domain, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (organization_id) do update
            set host = excluded.host, port = excluded.port, encryption = excluded.encryption,
                username = excluded.username, secret_id = excluded.secret_id, connections = excluded.connections,
                per_second = excluded.per_second, per_domain = excluded.per_domain, checked_at = null, last_error = '',
                updated_at = excluded.updated_at",
        org,
        server.host,
        server.port,
        server.encryption,
        server.username,
        secret as Option<SecretId>,
        server.connections,
        server.per_second,
        server.per_domain,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete_server(tx: &mut OrgTx) -> sqlx::Result<Option<KeptServer>> {
    let org = tx.org();
    sqlx::query_as!(
        KeptServer,
        "delete from mail_servers where organization_id = $1
         returning host, port, encryption, username, secret_id, connections, per_second, per_domain, checked_at, last_error",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes down how the server fared; no words where nothing was wrong.
pub(super) async fn note_server(tx: &mut OrgTx, trouble: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update mail_servers set checked_at = $2, last_error = $3 where organization_id = $1",
        org,
        now,
        trouble,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
