//! Two records of one person: looked at side by side, made one, and taken apart again.
//!
//! Always true: who became part of somebody stays as a row that leads there, with the rows that are never rewritten
//! (consents, events, what was sent); it is in no list, is not changed and not written to; who stays never is part of
//! somebody else. Of two words about consent the stricter counts. What a merge moved and what it overwrote is kept,
//! so that it can be undone.
//!
//! - [`fields`]: what differs, and which of the two counts
//! - [`carrier`]: what goes along, of whichever domain; `carried`: of this one
//! - [`join`], [`undo`]: doing it, and taking it back
//! - `pick`, `routes`, `views`: choosing the other one, and looking at both

mod carried;
pub mod carrier;
pub mod fields;
pub mod join;
mod pick;
mod queries;
pub mod routes;
pub mod undo;
mod views;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

pub use carried::all as carriers;
pub use carrier::{Carrier, Carriers, Way};

use super::{
    contact::ContactId,
    happened::{ContactMerged, ContactUnmerged},
};
use crate::{
    events::{
        Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::OrgTx,
};

crate::id!(
    /// That one record became part of another.
    MergeId
);

/// A merge as the page of who stayed shows it.
#[derive(Clone, Debug)]
pub struct Merge {
    pub id: MergeId,
    pub name: String,
    pub by: Option<String>,
    pub at: DateTime<Utc>,
}

/// A merge with what it changed.
#[derive(Clone, Debug)]
struct Kept {
    winner: ContactId,
    loser: ContactId,
    winner_before: Value,
    loser_before: Value,
    winner_after: Value,
    carried: Value,
    said: Value,
    is_undone: bool,
}

/// Who became part of this contact, the last one first.
pub async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Merge>> {
    queries::of_contact(tx, contact).await
}

/// The contact and everybody who is part of them: what happened to one of these happened to them.
pub async fn parts(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Uuid>> {
    let mut all = vec![contact.0];
    all.extend(queries::parts(tx, contact).await?);
    Ok(all)
}

/// Who somebody is part of now; nobody where they are themselves.
pub async fn whole(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Option<ContactId>> {
    Ok(queries::wholes(tx, &[contact.0]).await?.remove(&contact.0).map(ContactId))
}

/// The same for many: those who are part of somebody, and of whom.
pub async fn wholes(tx: &mut OrgTx, contacts: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Uuid>> {
    queries::wholes(tx, contacts).await
}

/// Whom an id means now, which nobody else changes or merges until the transaction ends; nobody where they are gone.
/// Whoever writes down what somebody said begins with this: it may come with mail that was sent to who is part of
/// somebody by now.
pub async fn meant(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Option<ContactId>> {
    let mut asked = contact;
    while let Some(found) = queries::lock(tx, asked).await? {
        if found == asked {
            return Ok(Some(found));
        }
        asked = found;
    }
    Ok(None)
}

/// The words for it.
pub const TELLER: Teller = Teller {
    kinds: &[ContactMerged::KIND, ContactUnmerged::KIND],
    tell: |tx, happened| Box::pin(tell(tx, happened)),
};

async fn tell(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let merged: Vec<Option<ContactMerged>> = happened.iter().map(|one| one.read().ok().flatten()).collect();
    let parted: Vec<Option<ContactUnmerged>> = happened.iter().map(|one| one.read().ok().flatten()).collect();
    let people = merged.iter().flatten().filter_map(|one| one.by);
    let people: Vec<Uuid> = people.chain(parted.iter().flatten().filter_map(|one| one.by)).collect();
    let names = queries::names(tx, &people).await?;
    let by = |id: Option<Uuid>| {
        id.and_then(|id| names.get(&id)).map_or_else(|| "somebody who left".to_owned(), Clone::clone)
    };
    let words = |(merged, parted): (&Option<ContactMerged>, &Option<ContactUnmerged>)| match (merged, parted)
    {
        (Some(one), _) => format!("Merged with {}, by {}", one.name, by(one.by)),
        (None, Some(one)) => format!("The merge with {} was undone, by {}", one.name, by(one.by)),
        (None, None) => "Merged".to_owned(),
    };
    Ok(merged.iter().zip(&parted).map(|one| Told::words(words(one))).collect())
}
