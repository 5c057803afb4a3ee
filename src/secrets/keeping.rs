//! Keeping a secret, using it, replacing it, forgetting it.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{NewSecret, Secret, SecretError, SecretId, data_key, queries};
use crate::{
    crypto::{Keys, SealError},
    tenancy::OrgTx,
};

/// A secret that is used all the time is written down as used this often.
const USED_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// A value shorter than this shows none of its characters.
const SPARES_FOUR: usize = 12;
/// Characters of an error that are kept.
const ERROR_MAX: usize = 300;

/// What to seal, sealed: the columns of a row.
pub(super) struct Sealed {
    pub ciphertext: Vec<u8>,
    pub version: i32,
    pub last4: Option<String>,
}

/// A sealed value with the key that opens it, read in one statement: a key that is being sealed anew
/// meanwhile is seen either before or after.
pub(super) struct Stored {
    pub ciphertext: Vec<u8>,
    pub version: i32,
    pub wrapped_key: Vec<u8>,
}

/// Keeps a secret. `None` when the organization has one of this kind and label.
pub async fn put(
    tx: &mut OrgTx,
    keys: &Keys,
    new: &NewSecret<'_>,
    now: DateTime<Utc>,
) -> Result<Option<SecretId>, SecretError> {
    let id = SecretId::new();
    let sealed = seal(tx, keys, id, new.value, now).await?;
    Ok(queries::insert(tx, id, new, &sealed, now).await?.then_some(id))
}

/// Puts another value in place of this one's; what was remembered of the former's use is cleared.
/// `false` when there is no such secret.
pub async fn replace(
    tx: &mut OrgTx,
    keys: &Keys,
    id: SecretId,
    value: &SecretString,
    now: DateTime<Utc>,
) -> Result<bool, SecretError> {
    let sealed = seal(tx, keys, id, value, now).await?;
    Ok(queries::replace(tx, id, &sealed, now).await?)
}

/// Removes a secret for good. `false` when there is no such secret.
pub async fn forget(tx: &mut OrgTx, id: SecretId) -> Result<bool, SecretError> {
    Ok(queries::delete(tx, id).await?)
}

/// The value, for a call to the service it belongs to. Remembers that it was used.
pub async fn reveal_for_use(
    tx: &mut OrgTx,
    keys: &Keys,
    id: SecretId,
    now: DateTime<Utc>,
) -> Result<Option<SecretString>, SecretError> {
    let value = open(tx, keys, id).await?;
    if value.is_some() {
        queries::mark_used(tx, id, now, now - USED_AGAIN).await?;
    }
    Ok(value)
}

/// Remembers that the service refused the secret, and in which words. Some services repeat what they were
/// sent: the value is taken out of their words.
pub async fn report_failure(
    tx: &mut OrgTx,
    keys: &Keys,
    id: SecretId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), SecretError> {
    let Some(value) = open(tx, keys, id).await? else { return Ok(()) };
    let words: String = words.replace(value.expose_secret(), "…").chars().take(ERROR_MAX).collect();
    Ok(queries::mark_failed(tx, id, &words, now).await?)
}

/// The organization's secrets, without their values, by label.
pub async fn list(tx: &mut OrgTx) -> Result<Vec<Secret>, SecretError> {
    Ok(queries::list(tx).await?)
}

/// One secret, without its value.
pub async fn find(tx: &mut OrgTx, id: SecretId) -> Result<Option<Secret>, SecretError> {
    Ok(queries::find(tx, id).await?)
}

async fn open(tx: &mut OrgTx, keys: &Keys, id: SecretId) -> Result<Option<SecretString>, SecretError> {
    let Some(stored) = queries::stored(tx, id).await? else { return Ok(None) };
    let key = data_key::unwrap(tx.org(), keys, stored.version, &stored.wrapped_key)?;
    let value = key.open(&place(tx.org(), id), &stored.ciphertext)?;
    let value = String::from_utf8(value).map_err(|_| SealError::DoesNotOpen)?;
    Ok(Some(value.into()))
}

async fn seal(
    tx: &mut OrgTx,
    keys: &Keys,
    id: SecretId,
    value: &SecretString,
    now: DateTime<Utc>,
) -> Result<Sealed, SecretError> {
    let (version, key) = data_key::active(tx, keys, now).await?;
    let value = value.expose_secret();
    let ciphertext = key.seal(&place(tx.org(), id), value.as_bytes())?;
    Ok(Sealed { ciphertext, version, last4: last4(value) })
}

fn place(org: Uuid, id: SecretId) -> [String; 4] {
    ["secrets".into(), "ciphertext".into(), org.to_string(), id.to_string()]
}

fn last4(value: &str) -> Option<String> {
    let count = value.chars().count();
    (count >= SPARES_FOUR).then(|| value.chars().skip(count - 4).collect())
}

#[cfg(test)]
mod tests {
    use super::last4;

    #[test]
    fn only_a_long_value_shows_its_end() {
        assert_eq!(last4("sk-12345678"), None);
        assert_eq!(last4("sk-123456789").as_deref(), Some("6789"));
        assert_eq!(last4("geheim-schlüßel").as_deref(), Some("üßel"));
    }
}
