//! Notes: what somebody wants to remember about a contact, and whom they call on in it. Everybody reads them, who
//! wrote one changes it.

mod mention;
mod queries;
pub mod routes;
mod telling;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Contact, ContactId, ViewContacts, happened::ContactNoted};
use crate::{
    audit::Entry,
    events::{
        self, Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::{OrgTx, Permission},
};

pub use mention::mentioned;
pub use telling::MENTIONED;

crate::id!(
    /// What somebody wrote about a contact.
    NoteId
);

#[derive(Clone, Debug)]
pub struct Note {
    pub id: NoteId,
    pub body: String,
    pub author_id: Uuid,
    pub author: Option<String>,
    /// The names of whom it calls on.
    pub mentioned: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Note {
    pub fn was_changed(&self) -> bool {
        self.updated_at != self.created_at
    }
}

/// Who wrote, and when.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    pub id: Uuid,
    pub at: DateTime<Utc>,
}

/// The notes about somebody, the last one first.
pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Note>> {
    queries::of_contact(tx, contact).await
}

/// Writes a note about somebody, and gives whom of the workspace it calls on.
pub async fn write(
    tx: &mut OrgTx,
    contact: &Contact,
    (body, whom): (&str, &[Uuid]),
    by: Author,
) -> sqlx::Result<Vec<Uuid>> {
    let note = NoteId::new();
    queries::insert(tx, (contact.id, note), body, by).await?;
    tx.record(Entry::new("contacts.noted").on("contact", contact.id, &contact.name()), by.at).await?;
    events::record(tx, &ContactNoted { contact: contact.id.0, note: note.0, by: by.id }).await?;
    said(tx, note, whom, by).await
}

/// Keeps whom a note calls on, as it stands now, and gives those whom it did not call on before: they are to be
/// told. Who wrote it is not told of themselves.
pub async fn said(tx: &mut OrgTx, note: NoteId, whom: &[Uuid], by: Author) -> sqlx::Result<Vec<Uuid>> {
    queries::forget_others(tx, note, whom).await?;
    let mut new = queries::mention(tx, note, whom, by.at).await?;
    new.retain(|user| *user != by.id);
    Ok(new)
}

/// The words for it.
pub const TELLER: Teller =
    Teller { kinds: &[ContactNoted::KIND], tell: |tx, happened| Box::pin(in_words(tx, happened)) };

async fn in_words(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let noted: Vec<Option<ContactNoted>> = happened.iter().map(|one| one.read().ok().flatten()).collect();
    let ids: Vec<Uuid> = noted.iter().flatten().map(|one| one.note).collect();
    let bodies = queries::bodies(tx, &ids).await?;
    Ok(noted.iter().map(|one| one.as_ref().map_or_else(Told::default, |one| told(one, &bodies))).collect())
}

fn told(noted: &ContactNoted, bodies: &HashMap<Uuid, (String, String)>) -> Told {
    let Some((author, body)) = bodies.get(&noted.note) else {
        return Told::words("A note that was deleted since");
    };
    let first: String = body.lines().next().unwrap_or_default().chars().take(120).collect();
    let more = if first.len() < body.len() { "…" } else { "" };
    let path = format!("/contacts/{}#note-{}", noted.contact, noted.note);
    Told { words: format!("Note by {author}: {first}{more}"), path, needs: ViewContacts::KEY }
}
