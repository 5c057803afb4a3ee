//! The key of an organization: made when it first keeps a secret, stored sealed with a master key.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{SecretError, queries};
use crate::{
    crypto::{DataKey, Keys, SealError},
    tenancy::OrgTx,
};

/// The key that new values are sealed with, and its version.
pub(super) async fn active(
    tx: &mut OrgTx,
    keys: &Keys,
    now: DateTime<Utc>,
) -> Result<(i32, DataKey), SecretError> {
    if let Some(found) = queries::active_key(tx).await? {
        return Ok((found.version, unwrap(tx.org(), keys, found.version, &found.wrapped_key)?));
    }
    let fresh = DataKey::random()?.wrap(keys, &place(tx.org(), FIRST))?;
    queries::insert_key(tx, FIRST, &fresh, now).await?;
    // Somebody else may have been quicker: the key that is stored counts.
    let stored = queries::active_key(tx).await?.ok_or(SealError::DoesNotOpen)?;
    Ok((stored.version, unwrap(tx.org(), keys, stored.version, &stored.wrapped_key)?))
}

const FIRST: i32 = 1;

pub(super) fn unwrap(org: Uuid, keys: &Keys, version: i32, wrapped: &[u8]) -> Result<DataKey, SealError> {
    DataKey::unwrap(keys, &place(org, version), wrapped)
}

/// The same key sealed with the current master key.
pub(super) fn rewrap(org: Uuid, keys: &Keys, version: i32, wrapped: &[u8]) -> Result<Vec<u8>, SealError> {
    unwrap(org, keys, version, wrapped)?.wrap(keys, &place(org, version))
}

fn place(org: Uuid, version: i32) -> [String; 4] {
    ["organization_keys".into(), "wrapped_key".into(), org.to_string(), version.to_string()]
}
