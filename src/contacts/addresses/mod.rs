//! Postal addresses: where post reaches somebody, several of them, one the usual one.

mod queries;
pub mod routes;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{
    Contact, ContactId,
    contact::{tidy, words_of},
};
use crate::{audit::Entry, tenancy::OrgTx, web::FieldErrors};

crate::id!(
    /// A place where post reaches a contact.
    AddressId
);

/// What an address is for: key and words.
pub const KINDS: &[(&str, &str)] =
    &[("home", "Home"), ("work", "Work"), ("billing", "Billing"), ("shipping", "Shipping")];

#[derive(Clone, Debug)]
pub struct Address {
    pub id: AddressId,
    pub kind: String,
    pub lines: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
    pub is_primary: bool,
}

impl Address {
    pub fn label(&self) -> &str {
        words_of(KINDS, &self.kind)
    }

    /// As it stands on an envelope, below its own lines: what there is of the rest.
    pub fn rest(&self) -> String {
        let town = [self.postcode.as_str(), &self.city, &self.region];
        let town = town.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        [town, self.country.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn form(&self) -> AddressForm {
        let address = self.clone();
        AddressForm {
            kind: address.kind,
            lines: address.lines,
            city: address.city,
            region: address.region,
            postcode: address.postcode,
            country: address.country,
            primary: if address.is_primary { "on".to_owned() } else { String::new() },
        }
    }
}

/// The form, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    pub kind: String,
    pub lines: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
    /// `on` for the usual one.
    pub primary: String,
}

impl AddressForm {
    /// What to keep, or what to tell the person who typed it.
    fn check(&self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let lines = self.lines.replace("\r\n", "\n");
        let lines: Vec<String> = lines.lines().map(tidy).filter(|line| !line.is_empty()).collect();
        let checked = Self {
            kind: self.kind.clone(),
            lines: lines.join("\n"),
            city: tidy(&self.city),
            region: tidy(&self.region),
            postcode: tidy(&self.postcode),
            country: tidy(&self.country),
            primary: self.primary.clone(),
        };
        if !KINDS.iter().any(|(key, _)| *key == checked.kind) {
            errors.add("kind", "Choose what the address is for.");
        }
        if checked.lines.is_empty() {
            errors.add("lines", "Type the street, or whatever stands above the city.");
        }
        for (key, value, longest) in [
            ("lines", &checked.lines, 500),
            ("city", &checked.city, 200),
            ("region", &checked.region, 200),
            ("postcode", &checked.postcode, 40),
            ("country", &checked.country, 100),
        ] {
            if value.chars().count() > longest {
                errors.add(key, &format!("Please keep this under {longest} characters."));
            }
        }
        errors.into_result()?;
        Ok(checked)
    }

    /// For the log.
    fn kept(&self) -> serde_json::Value {
        json!({ "kind": self.kind, "lines": self.lines, "postcode": self.postcode, "city": self.city, "country": self.country })
    }
}

/// Adds a place where post reaches somebody, or tells what is wrong with it.
pub async fn add(
    tx: &mut OrgTx,
    contact: &Contact,
    form: &AddressForm,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), FieldErrors>> {
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    queries::keep(tx, (contact.id, AddressId::new()), &checked, now).await?;
    queries::touch(tx, contact.id, now).await?;
    let added = Entry::new("contacts.address_added").on("contact", contact.id, &contact.name());
    tx.record(added.after(checked.kept()), now).await?;
    Ok(Ok(()))
}

/// Where post reaches somebody, the usual place first.
pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Address>> {
    queries::of_contact(tx, contact).await
}
