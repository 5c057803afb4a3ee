//! What this domain holds of a person, table by table.
//!
//! - [`find`]: somebody, with what they are known by
//! - [`FILES`], [`HELD`]: the tables, in the order in which an erasure goes through them

mod files;
mod queries;
mod tables;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use files::{FILES, is_being_imported};
pub use tables::HELD;

use super::{
    contact::{Contact, ContactId},
    merging, record,
};
use crate::{
    personal::{self, Person},
    tenancy::OrgTx,
};

/// Somebody with all records that became part of theirs, as they are looked for; by their id alone where they are not there any more.
pub async fn find(tx: &mut OrgTx, id: Uuid, at: DateTime<Utc>) -> sqlx::Result<Person> {
    let Some(mut who) = of_record(tx, id).await? else {
        return Ok(Person { id, at, ..Person::default() });
    };
    for part in merging::parts(tx, ContactId(id)).await?.into_iter().filter(|part| *part != id) {
        if let Some(part) = of_record(tx, part).await? {
            who = who.with(part);
        }
    }
    Ok(Person { at, ..who })
}

/// What one record says, whoever it became part of.
async fn of_record(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Option<Person>> {
    let Some(contact) = record::find_any(tx, ContactId(id)).await? else { return Ok(None) };
    Ok(Some(person(&contact, &queries::identities(tx, id).await?)))
}

fn person(contact: &Contact, known: &[(String, String, String)]) -> Person {
    let of_kind = |kinds: &[&str]| -> Vec<String> {
        let of_them = known.iter().filter(|(kind, ..)| kinds.contains(&kind.as_str()));
        of_them.map(|(.., norm)| norm.clone()).collect()
    };
    // The address that is used comes first.
    let mut emails: Vec<String> = contact.email.iter().cloned().collect();
    emails.extend(of_kind(&["email"]).into_iter().filter(|email| contact.email.as_ref() != Some(email)));
    let whole = [contact.first_name.trim(), contact.last_name.trim()];
    let whole = if whole.iter().all(|part| !part.is_empty()) { whole.join(" ") } else { String::new() };
    let written = known.iter().flat_map(|(_, value, norm)| [value.clone(), norm.clone()]);
    let rest = [whole, contact.phone.clone(), contact.customer_code.clone()];
    let names = [&contact.first_name, &contact.last_name].into_iter().flat_map(|name| personal::forms(name));
    let person = Person {
        id: contact.id.0,
        name: contact.name(),
        phones: of_kind(&["phone", "whatsapp"]),
        names: names.filter(|name| name.chars().count() > 1).collect(),
        ..Person::default()
    };
    Person { emails: emails.clone(), ..person }.known_by(emails.into_iter().chain(written).chain(rest))
}

/// What somebody types to say that they mean this person: the address, or what they are called without one.
pub fn confirmation(person: &Person) -> &str {
    person.emails.first().map_or(person.name.as_str(), String::as_str)
}

/// The hashes under which their addresses are suppressed.
pub async fn hashes(tx: &mut OrgTx, person: &Person) -> sqlx::Result<Vec<Vec<u8>>> {
    let all: Vec<String> = person.emails.iter().chain(&person.phones).cloned().collect();
    queries::hashes(tx, &all).await
}

/// Up to so many who were archived before this moment.
pub async fn archived_before(tx: &mut OrgTx, before: DateTime<Utc>, at_most: i64) -> sqlx::Result<Vec<Uuid>> {
    queries::archived_before(tx, before, at_most).await
}

/// How many they are.
pub async fn count_archived_before(tx: &mut OrgTx, before: DateTime<Utc>) -> sqlx::Result<i64> {
    queries::count_archived_before(tx, before).await
}
