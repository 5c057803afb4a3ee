//! All SQL of secrets.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    NewSecret, Secret, SecretId,
    keeping::{Sealed, Stored},
};
use crate::{accounts::UserId, db::Db, tenancy::OrgTx};

/// A data key as it is stored.
pub(super) struct WrappedKey {
    pub version: i32,
    pub wrapped_key: Vec<u8>,
}

pub(super) async fn active_key(tx: &mut OrgTx) -> sqlx::Result<Option<WrappedKey>> {
    let org = tx.org();
    sqlx::query_as!(
        WrappedKey,
        "select version, wrapped_key from organization_keys
          where organization_id = $1 and retired_at is null
          order by version desc limit 1",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Stores a data key, unless one of this version is there.
pub(super) async fn insert_key(
    tx: &mut OrgTx,
    version: i32,
    wrapped: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into organization_keys (organization_id, version, wrapped_key, created_at)
         values ($1, $2, $3, $4)
         on conflict do nothing",
        org,
        version,
        wrapped,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Every data key that is not sealed with the master key of this name.
pub(super) async fn keys_sealed_with_another(tx: &mut OrgTx, master: &[u8]) -> sqlx::Result<Vec<WrappedKey>> {
    let org = tx.org();
    sqlx::query_as!(
        WrappedKey,
        "select version, wrapped_key from organization_keys
          where organization_id = $1 and key_id <> $2
          order by version",
        org,
        master,
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts the same data key, sealed anew, in place of `former`. `false` when somebody else did meanwhile.
pub(super) async fn rewrap(tx: &mut OrgTx, former: &WrappedKey, wrapped: &[u8]) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update organization_keys set wrapped_key = $4
          where organization_id = $1 and version = $2 and wrapped_key = $3",
        org,
        former.version,
        former.wrapped_key,
        wrapped,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The names of the master keys that data keys are sealed with, and how many each.
pub(super) async fn master_keys(db: &Db) -> sqlx::Result<Vec<(Vec<u8>, i64)>> {
    let rows =
        sqlx::query!(r#"select key_id as "key_id!", sealed as "sealed!" from app.master_keys_in_use()"#)
            .fetch_all(&mut *db.connection().await?)
            .await?;
    Ok(rows.into_iter().map(|row| (row.key_id, row.sealed)).collect())
}

/// Organizations with a data key that is not sealed with the master key of this name, by id.
pub(super) async fn sealed_with_another(
    db: &Db,
    master: &[u8],
    after: Uuid,
    at_most: i32,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select id as "id!" from app.sealed_with_another_key($1, $2, $3) as id"#,
        master,
        after,
        at_most,
    )
    .fetch_all(&mut *db.connection().await?)
    .await
}

/// `false` when the organization has one of this kind and label.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: SecretId,
    new: &NewSecret<'_>,
    sealed: &Sealed,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into secrets (organization_id, id, kind, label, ciphertext, data_key_version, last4,
                              created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict (organization_id, kind, label) do nothing",
        org,
        id as SecretId,
        new.kind,
        new.label,
        sealed.ciphertext,
        sealed.version,
        sealed.last4,
        new.created_by as UserId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn replace(
    tx: &mut OrgTx,
    id: SecretId,
    sealed: &Sealed,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update secrets
            set ciphertext = $3, data_key_version = $4, last4 = $5, updated_at = $6,
                last_used_at = null, last_failed_at = null, last_error = ''
          where organization_id = $1 and id = $2",
        org,
        id as SecretId,
        sealed.ciphertext,
        sealed.version,
        sealed.last4,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn delete(tx: &mut OrgTx, id: SecretId) -> sqlx::Result<bool> {
    let org = tx.org();
    let done =
        sqlx::query!("delete from secrets where organization_id = $1 and id = $2", org, id as SecretId)
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn stored(tx: &mut OrgTx, id: SecretId) -> sqlx::Result<Option<Stored>> {
    let org = tx.org();
    sqlx::query_as!(
        Stored,
        "select s.ciphertext, k.version, k.wrapped_key
           from secrets s
           join organization_keys k
             on k.organization_id = s.organization_id and k.version = s.data_key_version
          where s.organization_id = $1 and s.id = $2",
        org,
        id as SecretId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Remembers the use, unless one since `lately` is remembered.
pub(super) async fn mark_used(
    tx: &mut OrgTx,
    id: SecretId,
    now: DateTime<Utc>,
    lately: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update secrets set last_used_at = $3
          where organization_id = $1 and id = $2 and (last_used_at is null or last_used_at < $4)",
        org,
        id as SecretId,
        now,
        lately,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn mark_failed(
    tx: &mut OrgTx,
    id: SecretId,
    words: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update secrets set last_failed_at = $3, last_error = $4 where organization_id = $1 and id = $2",
        org,
        id as SecretId,
        now,
        words,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn list(tx: &mut OrgTx) -> sqlx::Result<Vec<Secret>> {
    let org = tx.org();
    sqlx::query_as!(
        Secret,
        r#"select s.id, s.kind, s.label, s.last4, p.name as "made_by?", s.created_at, s.updated_at,
                  s.last_used_at, s.last_failed_at, s.last_error
             from secrets s
             left join user_profiles p on p.user_id = s.created_by
            where s.organization_id = $1
            order by lower(s.label), s.id
            limit 500"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn find(tx: &mut OrgTx, id: SecretId) -> sqlx::Result<Option<Secret>> {
    let org = tx.org();
    sqlx::query_as!(
        Secret,
        r#"select s.id, s.kind, s.label, s.last4, p.name as "made_by?", s.created_at, s.updated_at,
                  s.last_used_at, s.last_failed_at, s.last_error
             from secrets s
             left join user_profiles p on p.user_id = s.created_by
            where s.organization_id = $1 and s.id = $2"#,
        org,
        id as SecretId,
    )
    .fetch_optional(tx.conn())
    .await
}
