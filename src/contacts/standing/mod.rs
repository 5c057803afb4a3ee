//! Where somebody stands, and who looks after them: stage, lead status and owner, each changed by itself, and
//! each change an event that says from what, to what, and why.

mod queries;
pub mod routes;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    contact::{Contact, ContactId, LEAD_STATUSES, STAGES, words_of},
    happened::ContactMoved,
};
use crate::{
    audit::Entry,
    events::{
        self, Event, Fact as Happened, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::OrgTx,
};

/// Something that says where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Stage,
    LeadStatus,
    Owner,
}

/// Every one of them, in the order of the page.
pub const FACTS: [Fact; 3] = [Fact::Stage, Fact::LeadStatus, Fact::Owner];

impl Fact {
    pub fn key(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::LeadStatus => "lead_status",
            Self::Owner => "owner",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Stage => "Stage",
            Self::LeadStatus => "Lead status",
            Self::Owner => "Owner",
        }
    }

    pub fn called(key: &str) -> Option<Self> {
        FACTS.into_iter().find(|fact| fact.key() == key)
    }

    /// What is kept of somebody: a word, the id of a member, or nothing.
    pub fn of(self, contact: &Contact) -> String {
        match self {
            Self::Stage => contact.lifecycle_stage.clone(),
            Self::LeadStatus => contact.lead_status.clone(),
            Self::Owner => contact.owner_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// What can be chosen: what is kept, and its words.
    pub fn choices(self, members: &[(String, String)]) -> Vec<(String, String)> {
        let of = |words: &[(&str, &str)]| {
            words.iter().map(|(key, said)| ((*key).to_owned(), (*said).to_owned())).collect()
        };
        match self {
            Self::Stage => of(STAGES),
            Self::LeadStatus => of(LEAD_STATUSES),
            Self::Owner => {
                std::iter::once((String::new(), "Nobody".to_owned())).chain(members.iter().cloned()).collect()
            }
        }
    }
}

/// Who or what changed it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// `staff`, `import`, or whatever else did it.
    pub what: &'a str,
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Who can look after contacts: the active members, id and name.
pub async fn members(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    queries::members(tx).await
}

/// Gives one of them another value, which is known to be one of its choices.
pub async fn put(
    tx: &mut OrgTx,
    contact: &Contact,
    (fact, to): (Fact, &str),
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let from = fact.of(contact);
    if from == to {
        return Ok(());
    }
    queries::put(tx, contact.id, (fact, to), cause.at).await?;
    let entry = Entry::new("contacts.moved").on("contact", contact.id, &contact.name());
    tx.record(entry.before(json!({ fact.key(): from })).after(json!({ fact.key(): to })), cause.at).await?;
    tell(tx, &[(contact.id, fact, from, to.to_owned())], cause).await
}

/// Gives all of these another value, which is known to be one of its choices; where `only` says so, those alone who
/// have that one now. Gives whom it changed, and what they had.
pub async fn put_all(
    tx: &mut OrgTx,
    whom: &[Uuid],
    (fact, only, to): (Fact, Option<&str>, &str),
    cause: Cause<'_>,
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let moved = queries::put_all(tx, whom, (fact, only, to), cause.at).await?;
    let told = |(id, from): &(Uuid, String)| (ContactId(*id), fact, from.clone(), to.to_owned());
    tell(tx, &moved.iter().map(told).collect::<Vec<_>>(), cause).await?;
    Ok(moved)
}

/// Writes down that somebody came from one value to another.
pub async fn tell(
    tx: &mut OrgTx,
    moved: &[(ContactId, Fact, String, String)],
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let event = |(contact, fact, from, to): &(ContactId, Fact, String, String)| ContactMoved {
        contact: contact.0,
        fact: fact.key().to_owned(),
        from: from.clone(),
        to: to.clone(),
        cause: cause.what.to_owned(),
        by: cause.by,
    };
    let facts: Vec<Happened> =
        moved.iter().map(|one| Happened::of(&event(one))).collect::<sqlx::Result<_>>()?;
    events::record_all(tx, &facts).await
}

/// The words for it.
pub const TELLER: Teller =
    Teller { kinds: &[ContactMoved::KIND], tell: |tx, happened| Box::pin(in_words(tx, happened)) };

async fn in_words(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let moved: Vec<Option<ContactMoved>> = happened.iter().map(|one| one.read().ok().flatten()).collect();
    let people: Vec<Uuid> = moved.iter().flatten().flat_map(ContactMoved::people).collect();
    let names = if people.is_empty() { HashMap::new() } else { queries::names(tx, &people).await? };
    let told = |one: &Option<ContactMoved>| one.as_ref().map_or_else(String::new, |one| words(one, &names));
    Ok(moved.iter().map(|one| Told::words(told(one))).collect())
}

fn words(moved: &ContactMoved, names: &HashMap<Uuid, String>) -> String {
    let name =
        |id: Option<Uuid>| id.and_then(|id| names.get(&id)).map_or("somebody who left", String::as_str);
    let value = |kept: &str| match Fact::called(&moved.fact) {
        Some(Fact::Stage) => words_of(STAGES, kept).to_owned(),
        Some(Fact::LeadStatus) => words_of(LEAD_STATUSES, kept).to_owned(),
        _ if kept.is_empty() => "nobody".to_owned(),
        _ => name(kept.parse().ok()).to_owned(),
    };
    let label = Fact::called(&moved.fact).map_or("Standing", Fact::label);
    let how = match (moved.cause.as_str(), moved.by) {
        ("import", _) => ", by an import".to_owned(),
        ("staff", Some(by)) => format!(", by {}", name(Some(by))),
        _ => String::new(),
    };
    format!("{label}: {} → {}{how}", value(&moved.from), value(&moved.to))
}
