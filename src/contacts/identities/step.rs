//! Contacts and their identities, kept in step: whoever writes an address, a number or a customer number of
//! contacts calls [`follow`], and whoever changes an identity calls [`lead`]. Both take many at once where there
//! are many. A trigger would do the same unseen; this is to be read where it happens.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{IdentityId, Kind, phone, queries};
use crate::{contacts::ContactId, tenancy::OrgTx};

/// Identities on their way in, as the statements take them.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub ids: Vec<Uuid>,
    pub contacts: Vec<Uuid>,
    pub kinds: Vec<String>,
    pub values: Vec<String>,
    pub norms: Vec<String>,
}

/// Makes what these contacts name their primary identities. What another contact is known by stays theirs.
pub async fn follow(tx: &mut OrgTx, whom: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    if whom.is_empty() {
        return Ok(());
    }
    let country = phone::country(&queries::zone(tx).await?);
    let mut columns = Columns::default();
    for (contact, email, number, code) in queries::named(tx, whom).await? {
        for (kind, typed) in [(Kind::Email, email), (Kind::Phone, number), (Kind::CustomerCode, code)] {
            let Ok(value) = kind.read(&typed, country) else { continue };
            columns.ids.push(IdentityId::new().0);
            columns.contacts.push(contact);
            columns.kinds.push(kind.key().to_owned());
            columns.values.push(value.value);
            columns.norms.push(value.norm);
        }
    }
    queries::forget_others(tx, whom, &columns).await?;
    queries::keep(tx, &columns, now).await
}

/// Makes the contact name its primary identity of a kind, where it names one at all; and that it was changed.
pub async fn lead(tx: &mut OrgTx, contact: ContactId, kind: Kind, now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::lead(tx, contact, kind.key(), now).await
}
