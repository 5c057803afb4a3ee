//! Contacts as merge fields see them: which fields there are, and what they hold for one person.
//!
//! Values are kept as contacts have them; [`MergeFields::shown`] puts them into words when mail is written.

use serde_json::{Value, json};

use super::merge::{MergeField, MergeFields};
use crate::{
    contacts::{
        contact::{Contact, FIELDS},
        fields,
        uses::Finder,
    },
    tenancy::OrgTx,
};

/// Every field that the organization's mail may name: those that all have, and its own.
pub async fn fields(tx: &mut OrgTx) -> sqlx::Result<MergeFields> {
    let examples = ["dana@example.com", "Dana", "Whitfield", "+1 303 555 0142", "Whitfield & Sons"];
    let examples = examples.into_iter().chain(std::iter::repeat("…"));
    let known = FIELDS.iter().zip(examples).map(|(field, example)| {
        let key = format!("contact.{}", field.key);
        match field.key {
            "email" => MergeField::always(&key, field.label, example),
            _ => MergeField::new(&key, field.label, example),
        }
    });
    // Also those that were put away: mail that names them goes on.
    Ok(MergeFields::new(known).knowing(fields::all(tx).await?))
}

/// The designs that name a field.
pub const FINDER: Finder = Finder { find: |tx, key| Box::pin(super::list::naming(tx, key)) };

/// What the fields hold for somebody: the same as is kept of a recipient when a campaign starts.
pub fn values(contact: &Contact) -> Value {
    let mut values = match &contact.custom {
        Value::Object(own) => own.clone(),
        _ => serde_json::Map::new(),
    };
    for field in FIELDS {
        values.insert(field.key.to_owned(), json!(contact.value(field.key)));
    }
    Value::Object(values)
}
