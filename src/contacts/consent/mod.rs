//! What people agreed to: topics, the ledger of what was said, and addresses that are not written to.
//!
//! The ledger only grows. Of what was said about a topic and about the channel as a whole, the last word
//! counts; a suppressed address is not written to whatever was said.

mod queries;
pub mod routes;
mod standing;
pub mod together;
mod views;

pub use standing::{Said, Standing};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    contact::{Contact, ContactId},
    happened::ContactsTouched,
};
use crate::{
    audit::Entry,
    events::{
        self, Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::OrgTx,
};

crate::id!(
    /// Something that people can agree to hear about.
    TopicId
);

/// A topic, in the order in which people see them.
#[derive(Clone, Debug, Serialize)]
pub struct Topic {
    pub id: TopicId,
    pub name: String,
    pub description: String,
}

/// Why an address is suppressed: key and words.
pub const REASONS: &[(&str, &str)] = &[
    ("hard_bounce", "mail to it came back for good"),
    ("soft_bounces", "mail to it came back several times"),
    ("complaint", "its owner called a mail spam"),
    ("unsubscribed", "its owner asked for no more mail"),
    ("manual", "somebody here put it on the list"),
    ("erased", "its owner was erased"),
];

pub fn reason_words(key: &str) -> &str {
    REASONS.iter().find(|(known, _)| *known == key).map_or(key, |(_, words)| words)
}

/// The last thing that somebody said about a topic, or about everything.
#[derive(Clone, Debug)]
pub struct LastWord {
    /// None for everything on the channel.
    pub topic: Option<TopicId>,
    pub state: String,
    pub paused_until: Option<DateTime<Utc>>,
    /// In the order in which they were said.
    pub id: Uuid,
}

/// The last word of this contact about each topic and about everything.
pub async fn last_words(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<LastWord>> {
    queries::last_words(tx, contact).await
}

/// Something to be written into the ledger.
#[derive(Clone, Copy, Debug)]
pub struct NewConsent<'a> {
    pub contact: ContactId,
    /// None for everything on the channel.
    pub topic: Option<TopicId>,
    /// `granted`, `withdrawn` or `paused`.
    pub state: &'a str,
    pub paused_until: Option<DateTime<Utc>>,
    /// How it was said: `staff`, `preferences`, `one_click`.
    pub source: &'a str,
    pub wording: &'a str,
    /// The network address that it came from, where there is one.
    pub address: &'a str,
    pub by: Option<Uuid>,
}

/// Somebody agreed to something, paused it, or took it back.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ConsentRecorded {
    pub contact: Uuid,
    pub topic: Option<Uuid>,
    pub state: String,
    pub source: String,
}

impl Event for ConsentRecorded {
    const KIND: &'static str = "consent.recorded";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// The words for what people agree to.
pub const TELLER: Teller =
    Teller { kinds: &[ConsentRecorded::KIND], tell: |tx, happened| Box::pin(tell(tx, happened)) };

async fn tell(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let said: Vec<Option<ConsentRecorded>> = happened.iter().map(|one| one.read().ok().flatten()).collect();
    let topics: Vec<Uuid> = said.iter().flatten().filter_map(|said| said.topic).collect();
    let names = queries::topic_names(tx, &topics).await?;
    let words = |said: &Option<ConsentRecorded>| {
        said.as_ref().map_or("Said something".into(), |said| said.words(&names))
    };
    Ok(said.iter().map(|said| Told::words(words(said))).collect())
}

impl ConsentRecorded {
    fn words(&self, names: &HashMap<Uuid, String>) -> String {
        let topic = self.topic.map(|id| names.get(&id).map_or("a topic", String::as_str));
        let about = topic.map_or_else(|| "everything".to_owned(), |name| format!("“{name}”"));
        match self.state.as_str() {
            "granted" => format!("Agreed to {about}"),
            "paused" => format!("Paused {about}"),
            _ => format!("Unsubscribed from {about}"),
        }
    }
}

/// Writes what was said into the ledger and onto the timeline.
pub async fn record(tx: &mut OrgTx, new: NewConsent<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::insert(tx, &new, now).await?;
    let said = ConsentRecorded {
        contact: new.contact.0,
        topic: new.topic.map(|topic| topic.0),
        state: new.state.to_owned(),
        source: new.source.to_owned(),
    };
    events::record(tx, &said).await
}

/// Sees to it that an address is written to no more. A reason that is there already stays.
pub async fn suppress(
    tx: &mut OrgTx,
    address: &str,
    (reason, detail): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    // What comes back of a mail to somebody who was erased names no address any more; its hash is there already.
    if address.is_empty() {
        return Ok(false);
    }
    let is_new = queries::suppress(tx, address, (reason, detail), now).await?;
    tell_of(tx, address).await?;
    Ok(is_new)
}

/// Tells the log that an address may be written to or not, when somebody has it.
async fn tell_of(tx: &mut OrgTx, address: &str) -> sqlx::Result<()> {
    if let Some(touched) = ContactsTouched::new("consent", &queries::holders(tx, address).await?) {
        events::record(tx, &touched).await?;
    }
    Ok(())
}

/// Why nothing is sent to this address; nothing where it may be written to.
pub async fn suppressed(tx: &mut OrgTx, address: &str) -> sqlx::Result<Option<String>> {
    queries::suppressed(tx, address).await
}

/// Whether this contact may be written to now, and what they said.
pub async fn standing(tx: &mut OrgTx, contact: &Contact, now: DateTime<Utc>) -> sqlx::Result<Standing> {
    let suppressed = match &contact.email {
        Some(email) => queries::suppressed(tx, email).await?,
        None => None,
    };
    Ok(Standing {
        suppressed,
        has_email: contact.email.is_some(),
        is_archived: contact.archived_at.is_some(),
        said: queries::said(tx, contact.id).await?,
        now,
    })
}

/// What was said by those who became part of somebody: `parts` begins with who they are part of.
pub async fn said_by(tx: &mut OrgTx, parts: &[Uuid]) -> sqlx::Result<Vec<Said>> {
    let mut all = Vec::new();
    for part in parts.iter().skip(1) {
        all.extend(queries::said(tx, ContactId(*part)).await?);
    }
    Ok(all)
}

/// Adds a topic; `None` when another has its name.
pub async fn add_topic(
    tx: &mut OrgTx,
    (name, about): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<TopicId>> {
    let id = TopicId::new();
    if !queries::insert_topic(tx, id, (name, about), now).await? {
        return Ok(None);
    }
    tx.record(Entry::new("topics.added").on("topic", id, name).after(json!({ "name": name })), now).await?;
    Ok(Some(id))
}

/// The topics that people can choose from.
pub async fn topics(tx: &mut OrgTx) -> sqlx::Result<Vec<Topic>> {
    queries::topics(tx).await
}
