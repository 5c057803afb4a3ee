//! Identities: by what somebody is known, several of a kind, one of each kind the one that is used.
//!
//! Always true: what is an identity of one contact is of no other in the organization; the primary address, number
//! and customer number are those that the contact itself names, which [`step`] sees to in both directions.

mod kind;
mod phone;
mod queries;
pub mod routes;
pub mod step;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Contact, ContactId,
    contact::{Checked, ContactForm},
};
use crate::{tenancy::OrgTx, web::FieldErrors};

pub use kind::{KINDS, Kind};

crate::id!(
    /// Something by which a contact is known.
    IdentityId
);

#[derive(Clone, Debug)]
pub struct Identity {
    pub id: IdentityId,
    pub kind: String,
    pub value: String,
    pub is_primary: bool,
    pub created_at: DateTime<Utc>,
}

impl Identity {
    pub fn label(&self) -> &'static str {
        Kind::called(&self.kind).map_or("Other", Kind::label)
    }
}

/// The country whose numbers do not name it where clocks are those of this zone.
pub(super) fn country_of(zone: &str) -> Option<phonenumber::country::Id> {
    phone::country(zone)
}

/// The country whose numbers do not name it in this workspace.
pub(super) async fn country(tx: &mut OrgTx) -> sqlx::Result<Option<phonenumber::country::Id>> {
    Ok(phone::country(&queries::zone(tx).await?))
}

/// By what somebody is known, kind by kind, the primary one first.
pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Identity>> {
    queries::of_contact(tx, contact).await
}

/// Somebody else who is known by what was typed.
#[derive(Clone, Debug)]
pub struct Holder {
    pub kind: Kind,
    pub contact: Uuid,
    pub name: String,
}

/// Who else is known by the address, the number or the customer number of a form.
pub(super) async fn holders(
    tx: &mut OrgTx,
    itself: Option<ContactId>,
    form: &ContactForm,
) -> sqlx::Result<Vec<Holder>> {
    let mut all = Vec::new();
    for kind in [Kind::Email, Kind::Phone, Kind::CustomerCode] {
        all.extend(holder(tx, itself, (kind, form.of_field(kind.key()))).await?);
    }
    Ok(all)
}

/// Who else is known by this.
pub async fn holder(
    tx: &mut OrgTx,
    itself: Option<ContactId>,
    (kind, typed): (Kind, &str),
) -> sqlx::Result<Option<Holder>> {
    let country = phone::country(&queries::zone(tx).await?);
    let Ok(value) = kind.read(typed, country) else { return Ok(None) };
    let found = queries::holder(tx, itself.map_or(Uuid::nil(), |id| id.0), (kind.key(), &value.norm)).await?;
    Ok(found.map(|(contact, name)| Holder { kind, contact, name }))
}

/// Whether what a form names, where it is new to this contact, is nobody else's; or what to tell, beside it.
pub(super) async fn free(
    tx: &mut OrgTx,
    contact: Option<&Contact>,
    checked: &Checked,
) -> sqlx::Result<Result<(), FieldErrors>> {
    let mut errors = FieldErrors::default();
    for kind in [Kind::Email, Kind::Phone, Kind::CustomerCode] {
        let typed = checked.value(kind.key());
        if contact.is_some_and(|contact| contact.value(kind.key()) == typed) {
            continue;
        }
        if let Some(other) = holder(tx, contact.map(|one| one.id), (kind, typed)).await? {
            errors.add(kind.key(), &format!("{} has this already.", other.name));
        }
    }
    Ok(errors.into_result())
}
