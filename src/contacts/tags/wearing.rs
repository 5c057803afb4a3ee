//! Who has which tag: putting it on and taking it off, one person or many, and what their timeline says.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{TagId, queries};
use crate::{
    audit::Entry,
    contacts::{
        contact::ContactId,
        happened::{ContactTagged, ContactUntagged},
    },
    events::{
        self, Event, Fact, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::OrgTx,
};

/// A tag that somebody has, and how they came by it.
#[derive(Clone, Debug)]
pub struct Worn {
    pub tag: TagId,
    pub name: String,
    pub hue: i16,
    /// Who or what put it there.
    pub source: String,
    pub added_at: DateTime<Utc>,
}

/// Who puts a tag on somebody, in words, and which person that is where it is one.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub source: &'a str,
    pub person: Option<Uuid>,
}

/// The words for what happens with tags.
pub const TELLER: Teller = Teller {
    kinds: &[ContactTagged::KIND, ContactUntagged::KIND],
    tell: |_, happened| Box::pin(async move { Ok(happened.iter().map(told).collect()) }),
};

fn told(happened: &Recorded) -> Told {
    if let Ok(Some(ContactTagged { tag, name, .. })) = happened.read() {
        return Told {
            words: format!("Got the tag “{name}”"),
            path: format!("/contacts?tag={tag}"),
            needs: "contacts.view",
        };
    }
    let name = happened.read::<ContactUntagged>().ok().flatten().map(|taken| taken.name).unwrap_or_default();
    Told::words(format!("Lost the tag “{name}”"))
}

/// The tags that somebody has, by name.
pub async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Worn>> {
    Ok(of_several(tx, &[contact.0]).await?.remove(&contact.0).unwrap_or_default())
}

/// The tags that each of these has, by name.
pub async fn of_several(tx: &mut OrgTx, contacts: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Vec<Worn>>> {
    let mut all: HashMap<Uuid, Vec<Worn>> = HashMap::new();
    for (contact, worn) in queries::worn(tx, contacts).await? {
        all.entry(contact).or_default().push(worn);
    }
    Ok(all)
}

/// Puts a tag on those of these who do not have it, and gives who they are. `None` when there is no such tag.
pub async fn put_on(
    tx: &mut OrgTx,
    tag: TagId,
    whom: &[Uuid],
    by: By<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Vec<Uuid>>> {
    let Some(name) = queries::name(tx, tag).await? else { return Ok(None) };
    let came = hang(tx, (tag, &name), whom, by, now).await?;
    note(tx, "tags.put_on", (tag, &name), &came, now).await?;
    Ok(Some(came))
}

/// The same with a tag that is known to be there, for whoever writes the log in another way.
pub async fn hang(
    tx: &mut OrgTx,
    (tag, name): (TagId, &str),
    whom: &[Uuid],
    by: By<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let came = queries::put_on(tx, tag, whom, by, now).await?;
    tell_of_tagged(tx, (tag, name), &came).await?;
    Ok(came)
}

/// Takes a tag off those of these who have it, and gives who they are. The log is the caller's.
pub async fn unhang(tx: &mut OrgTx, (tag, name): (TagId, &str), whom: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let went = queries::take_off(tx, tag, whom).await?;
    tell_of_untagged(tx, (tag, name), &went).await?;
    Ok(went)
}

/// One line in the log, whoever many they are: up to a few by their ids.
async fn note(
    tx: &mut OrgTx,
    action: &'static str,
    (tag, name): (TagId, &str),
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let some: Vec<&Uuid> = whom.iter().take(20).collect();
    let after = json!({ "people": whom.len(), "contacts": some });
    tx.record(Entry::new(action).on("tag", tag, name).after(after), now).await
}

pub async fn tell_of_tagged(tx: &mut OrgTx, (tag, name): (TagId, &str), whom: &[Uuid]) -> sqlx::Result<()> {
    let fact =
        |contact: &Uuid| Fact::of(&ContactTagged { contact: *contact, tag: tag.0, name: name.to_owned() });
    let facts = whom.iter().map(fact).collect::<sqlx::Result<Vec<Fact>>>()?;
    events::record_all(tx, &facts).await
}

pub async fn tell_of_untagged(tx: &mut OrgTx, (tag, name): (TagId, &str), whom: &[Uuid]) -> sqlx::Result<()> {
    let fact =
        |contact: &Uuid| Fact::of(&ContactUntagged { contact: *contact, tag: tag.0, name: name.to_owned() });
    let facts = whom.iter().map(fact).collect::<sqlx::Result<Vec<Fact>>>()?;
    events::record_all(tx, &facts).await
}
