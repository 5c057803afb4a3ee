//! The page of one person: what is known, what happened, what they agreed to; adding and changing it.

mod page;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

pub use page::{Around, ShowQuery, Trouble, page};

use super::{
    contact::{self, Checked, Contact, ContactForm, ContactId},
    fields::OwnField,
    happened::{ContactAdded, ContactChanged, ContactsTouched},
    identities,
    standing::{self, Cause, Fact},
};
use crate::{
    audit::Entry,
    events::{
        self, Event, Recorded,
        timeline::{Teller, Told},
    },
    numbers,
    tenancy::OrgTx,
    web::FieldErrors,
};

/// Whether somebody is in the lists people look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Here,
    Archived,
}

/// The words for what happens to a record.
pub const TELLER: Teller = Teller {
    kinds: &[ContactAdded::KIND, ContactChanged::KIND],
    tell: |_, happened| Box::pin(async move { Ok(happened.iter().map(told).collect()) }),
};

fn told(happened: &Recorded) -> Told {
    let Ok(Some(changed)) = happened.read::<ContactChanged>() else { return Told::words("Added by hand") };
    let fields = changed.fields.iter().map(|key| key.trim_start_matches("custom.").replace('_', " "));
    Told::words(format!("Changed: {}", fields.collect::<Vec<_>>().join(", ")))
}

/// The contact with this id; nobody where they became part of another.
pub async fn find(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<Option<Contact>> {
    queries::find(tx, id, false).await
}

/// The same for who became part of another too.
pub async fn find_any(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<Option<Contact>> {
    queries::find(tx, id, true).await
}

/// Adds somebody; told beside the address when another contact has it.
pub async fn add(
    tx: &mut OrgTx,
    checked: &Checked,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<ContactId, FieldErrors>> {
    let id = ContactId::new();
    if queries::holder(tx, checked.value("email")).await?.is_some() {
        return Ok(Err(taken(tx, checked).await?));
    }
    if let Err(errors) = identities::free(tx, None, checked).await? {
        return Ok(Err(errors));
    }
    if !queries::insert(tx, id, checked, by, now).await? {
        return Ok(Err(taken(tx, checked).await?));
    }
    identities::step::follow(tx, &[id.0], now).await?;
    let name = called(checked);
    let added = Entry::new("contacts.added").on("contact", id, &name);
    tx.record(added.after(json!({ "email": checked.email, "stage": checked.stage })), now).await?;
    events::record(tx, &ContactAdded { contact: id.0, source: "staff".to_owned() }).await?;
    Ok(Ok(id))
}

fn called(checked: &Checked) -> String {
    let [first, last, ..] = checked.values.as_slice() else { return String::new() };
    contact::called(first, last, &[checked.email.as_deref().unwrap_or("")])
}

/// What to tell when an address is taken: by whom, with where they are.
async fn taken(tx: &mut OrgTx, checked: &Checked) -> sqlx::Result<FieldErrors> {
    let holder = queries::holder(tx, checked.email.as_deref().unwrap_or("")).await?;
    let archived = if holder.is_some_and(|(_, is_archived)| is_archived) { ", who is archived" } else { "" };
    Ok(FieldErrors::on("email", &format!("Another contact has this address already{archived}.")))
}

/// Changes somebody to what was typed. What differs stands on their timeline, and values in the audit log.
pub async fn change(
    tx: &mut OrgTx,
    contact: &Contact,
    (checked, own): (&Checked, &[OwnField]),
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Result<(), FieldErrors>> {
    let other = queries::holder(tx, checked.email.as_deref().unwrap_or("")).await?;
    if other.is_some_and(|(id, _)| id != contact.id.0) {
        return Ok(Err(taken(tx, checked).await?));
    }
    if let Err(errors) = identities::free(tx, Some(contact), checked).await? {
        return Ok(Err(errors));
    }
    queries::update(tx, contact.id, checked, now).await?;
    identities::step::follow(tx, &[contact.id.0], now).await?;
    let Some(after) = queries::find(tx, contact.id, false).await? else { return Ok(Ok(())) };
    let moved: Vec<_> = [Fact::Stage, Fact::LeadStatus]
        .map(|fact| (contact.id, fact, fact.of(contact), fact.of(&after)))
        .into_iter()
        .filter(|(.., from, to)| from != to)
        .collect();
    standing::tell(tx, &moved, Cause { what: "staff", by: Some(by), at: now }).await?;
    let (before, after) = (ContactForm::of(contact, own).0, ContactForm::of(&after, own).0);
    let fields: Vec<String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    if !fields.is_empty() {
        let only = |all: &std::collections::BTreeMap<String, String>| -> serde_json::Value {
            fields
                .iter()
                .map(|key| (key.clone(), json!(all.get(key))))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let changed = Entry::new("contacts.changed").on("contact", contact.id, &contact.name());
        tx.record(changed.before(only(&before)).after(only(&after)), now).await?;
        // Where they stand is an event of its own.
        let fields: Vec<String> = fields.into_iter().filter(|key| Fact::called(key).is_none()).collect();
        if !fields.is_empty() {
            events::record(tx, &ContactChanged { contact: contact.id.0, fields }).await?;
        }
    }
    Ok(Ok(()))
}

/// Archives people or brings them back, and gives a sentence that says how many.
pub async fn set_standing(
    tx: &mut OrgTx,
    whom: &[Uuid],
    standing: Standing,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let archived_at = (standing == Standing::Archived).then_some(now);
    let changed = queries::set_standing(tx, whom, archived_at, now).await?;
    let ids: Vec<Uuid> = changed.iter().map(|(id, _)| *id).collect();
    if let Some(touched) = ContactsTouched::new("*", &ids) {
        events::record(tx, &touched).await?;
    }
    let action = if archived_at.is_some() { "contacts.archived" } else { "contacts.restored" };
    for (id, name) in changed.iter().take(500) {
        tx.record(Entry::new(action).on("contact", id, name), now).await?;
    }
    let people = numbers::people(changed.len() as i64);
    Ok(match standing {
        Standing::Archived => format!("Archived {people}. They are written to no more."),
        Standing::Here => format!("Brought {people} back."),
    })
}

/// Archives those of these who are not, of which nobody is told yet. Gives who they are.
pub async fn archive_all(tx: &mut OrgTx, whom: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    let changed = queries::set_standing(tx, whom, Some(now), now).await?;
    Ok(changed.into_iter().map(|(id, _)| id).collect())
}

/// Brings those of these back who are archived, of which nobody is told yet. Gives who they are.
pub async fn restore_all(tx: &mut OrgTx, whom: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    let changed = queries::set_standing(tx, whom, None, now).await?;
    Ok(changed.into_iter().map(|(id, _)| id).collect())
}
