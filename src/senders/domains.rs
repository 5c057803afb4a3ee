//! Domains that mail is signed for: making their keys, what to publish for them, forgetting them.

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{DomainId, queries};
use crate::{
    accounts::UserId,
    audit::Entry,
    channels::{
        address::Address,
        dkim::{Algorithm, KeyError, PrivateKey, Signer, TxtRecord},
    },
    secrets::{self, NewSecret, SecretId},
    tenancy::OrgTx,
    web::{App, FieldErrors, Result},
};

/// The kind of secret that a private key is.
const KIND: &str = "dkim";

/// A domain, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DomainForm {
    pub domain: String,
}

impl DomainForm {
    /// The domain in ASCII.
    pub(super) fn check(&self) -> Result<String, FieldErrors> {
        let typed = self.domain.trim().to_lowercase();
        let bare = typed.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        let bare = bare.rsplit_once('@').map_or(bare, |(_, domain)| domain);
        let read = Address::parse(&format!("x@{bare}")).map(|address| address.domain().to_owned());
        read.filter(|domain| domain.contains('.') && domain.len() <= 200).ok_or_else(|| {
            FieldErrors::on("domain", "Give a domain such as example.com: what stands behind the @.")
        })
    }
}

/// Two keys that were just made, and what they are called.
pub(super) struct Keys {
    pub rsa: Made,
    pub ed25519: Made,
}

pub(super) struct Made {
    pub selector: String,
    /// Base64, as it is published.
    pub public: String,
    key: PrivateKey,
}

/// Makes the keys on a thread of its own: it takes about half a second.
pub(super) async fn make(domain: &str) -> Result<Keys> {
    let domain = domain.to_owned();
    // A name of its own for each pair: another organization may sign for the same domain, and keys that
    // are made anew must not meet the record of the former ones.
    let name: String = Uuid::new_v4().simple().to_string().chars().take(8).collect();
    let making = tokio::task::spawn_blocking(move || {
        let made = |algorithm, letter| made(&domain, format!("gw{name}{letter}"), algorithm);
        Ok::<_, KeyError>(Keys {
            rsa: made(Algorithm::Rsa2048, 'r')?,
            ed25519: made(Algorithm::Ed25519, 'e')?,
        })
    });
    let keys = making.await.map_err(anyhow::Error::from)?;
    Ok(keys.map_err(anyhow::Error::from)?)
}

fn made(domain: &str, selector: String, algorithm: Algorithm) -> Result<Made, KeyError> {
    let key = PrivateKey::generate(algorithm)?;
    let record = Signer::new(domain, &selector, &key)?.record();
    let public = record.value.rsplit_once("p=").map_or("", |(_, public)| public).to_owned();
    Ok(Made { selector, public, key })
}

/// Keeps a domain with its keys. `false` when it is there already.
pub(super) async fn add(
    app: &App,
    tx: &mut OrgTx,
    (domain, by): (&str, UserId),
    keys: &Keys,
) -> Result<bool> {
    let (id, now) = (DomainId::new(), app.clock.now());
    let (Some(rsa), Some(ed25519)) =
        (keep(app, tx, &keys.rsa, by).await?, keep(app, tx, &keys.ed25519, by).await?)
    else {
        return Ok(false);
    };
    if !queries::insert_domain(tx, (id, domain), (keys, rsa, ed25519), now).await? {
        return Ok(false);
    }
    let selectors = [&keys.rsa.selector, &keys.ed25519.selector];
    let added = Entry::new("domains.added").on("domain", id, domain);
    tx.record(added.after(json!({ "domain": domain, "selectors": selectors })), now).await?;
    Ok(true)
}

async fn keep(app: &App, tx: &mut OrgTx, made: &Made, by: UserId) -> Result<Option<SecretId>> {
    let value = BASE64.encode(made.key.der()).into();
    let new = NewSecret { kind: KIND, label: &made.selector, value: &value, created_by: by };
    Ok(secrets::put(tx, &app.keys, &new, app.clock.now()).await?)
}

/// Forgets a domain and its keys for good, and gives its name.
pub(super) async fn remove(tx: &mut OrgTx, id: DomainId, now: DateTime<Utc>) -> Result<Option<String>> {
    let Some(gone) = queries::delete_domain(tx, id).await? else { return Ok(None) };
    for secret in [gone.rsa_secret_id, gone.ed25519_secret_id] {
        secrets::forget(tx, SecretId(secret)).await?;
    }
    let removed = Entry::new("domains.removed").on("domain", id, &gone.domain);
    tx.record(removed.before(json!({ "domain": gone.domain })), now).await?;
    Ok(Some(gone.domain))
}

/// What its owner publishes so that others can verify.
pub(super) fn records(kept: &queries::KeptDomain) -> [TxtRecord; 2] {
    let record = |selector: &str, value: String| TxtRecord {
        name: format!("{selector}._domainkey.{}", kept.domain),
        value,
    };
    [
        record(&kept.rsa_selector, format!("v=DKIM1; k=rsa; p={}", kept.rsa_public)),
        record(&kept.ed25519_selector, format!("v=DKIM1; k=ed25519; p={}", kept.ed25519_public)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_read_however_it_was_pasted() {
        let read = |typed: &str| DomainForm { domain: typed.to_owned() }.check().ok();
        for typed in [" Acme.Test ", "https://acme.test/", "news@acme.test"] {
            assert_eq!(read(typed).as_deref(), Some("acme.test"), "{typed}");
        }
        assert_eq!(read("bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        for typed in ["", "localhost", "a b.test", "acme.test/path", "-x.test", "10.0.0.1:25"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
