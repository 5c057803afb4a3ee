//! Which master keys what is stored needs, and whether they are there.

use std::collections::BTreeMap;

use super::queries;
use crate::{
    accounts::two_factor,
    crypto::{KeyId, Keys},
    db::Db,
};

/// How much is sealed with one master key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    pub data_keys: i64,
    pub two_factor_secrets: i64,
}

/// How much each master key seals; under `None` what was sealed before keys had names.
pub async fn in_use(db: &Db) -> sqlx::Result<BTreeMap<Option<KeyId>, Sealed>> {
    let mut in_use: BTreeMap<Option<KeyId>, Sealed> = BTreeMap::new();
    for (id, count) in queries::master_keys(db).await? {
        in_use.entry(named(&id)).or_default().data_keys += count;
    }
    for (id, count) in two_factor::reseal::master_keys(db).await? {
        in_use.entry(id.as_deref().and_then(named)).or_default().two_factor_secrets += count;
    }
    Ok(in_use)
}

/// What is missing, a sentence for each key that something is sealed with and that is not configured.
pub async fn missing(db: &Db, keys: &[KeyId]) -> sqlx::Result<Vec<String>> {
    let in_use = in_use(db).await?;
    let missing = in_use.iter().filter_map(|(id, sealed)| Some((id.as_ref()?, sealed)));
    Ok(missing
        .filter(|(id, _)| !keys.contains(id))
        .map(|(id, sealed)| {
            format!(
                "The master key {id} is missing: {} are sealed with it and can be opened with no other. Put it \
                 back, in GROUNDSWELL_OLD_SECRET_KEYS or as a further line of secret.key in the data folder.",
                sealed.in_words()
            )
        })
        .collect())
}

/// The keys beside the current one that nothing is sealed with any more.
pub async fn idle(db: &Db, keys: &Keys) -> sqlx::Result<Vec<KeyId>> {
    let in_use = in_use(db).await?;
    // What has no name may need any of them.
    if in_use.contains_key(&None) {
        return Ok(Vec::new());
    }
    Ok(keys.ids().into_iter().skip(1).filter(|id| !in_use.contains_key(&Some(*id))).collect())
}

impl Sealed {
    pub fn in_words(&self) -> String {
        let count = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        format!(
            "{} and {}",
            count(self.data_keys, "data key"),
            count(self.two_factor_secrets, "two-factor secret")
        )
    }
}

fn named(id: &[u8]) -> Option<KeyId> {
    id.try_into().ok().map(KeyId)
}
