//! `/w/{org}/contacts/{contact}/notes`: writing one, changing and deleting one's own.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Author, NoteId, mentioned, queries, said, telling, write};
use crate::{
    audit::Entry,
    contacts::{
        ContactId, EditContacts,
        record::{Around, Trouble, find, page},
        standing::members,
    },
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/contacts/{contact}/notes", add)
        .post("/contacts/{contact}/notes/{note}", change)
        .post("/contacts/{contact}/notes/{note}/delete", delete)
}

/// The longest text, in characters: the name of somebody fits behind it.
const LONGEST: usize = 4700;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    note: String,
    /// The id of a member to call on, whether the text names them or not; empty for none.
    mention: String,
}

impl NoteForm {
    /// What can be kept of what was typed, or what to tell.
    fn body(&self) -> std::result::Result<String, &'static str> {
        let body = self.note.replace("\r\n", "\n");
        let body = body.trim().replace('\0', "");
        match body.chars().count() {
            0 => Err("Type what you want to remember."),
            1..=LONGEST => Ok(body),
            _ => Err("Please keep a note under 4700 characters."),
        }
    }

    /// What is kept: with the name of whom it calls on, where the text does not say it.
    fn naming(&self, body: String, members: &[(String, String)]) -> String {
        let chosen = members.iter().find(|(id, _)| *id == self.mention);
        let is_named = |id: &str| mentioned(&body, members).iter().any(|one| one.to_string() == id);
        match chosen {
            Some((id, name)) if !is_named(id) => format!("{body}\n@{name}"),
            _ => body,
        }
    }

    /// The page again, with what was typed and what is wrong with it.
    fn wrong(self, part: &str, told: &str) -> Trouble {
        Trouble { typed: self.note, ..Trouble::at(part, told) }
    }
}

fn back(scope: &Scope<EditContacts>, id: ContactId) -> Response {
    Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response()
}

async fn add(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let body = match form.body() {
        Ok(body) => body,
        Err(told) => return page(&app, &scope, around, id, form.wrong("note", told)).await,
    };
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let members = members(&mut tx).await?;
    let body = form.naming(body, &members);
    let whom = mentioned(&body, &members);
    let by = Author { id: scope.member.user.id.0, at: app.clock.now() };
    let new = write(&mut tx, &contact, (&body, &whom), by).await?;
    telling::tell(&mut tx, &app, (&contact, &scope.member.user), new).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn change(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id, note)): Path<(String, ContactId, NoteId)>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let body = match form.body() {
        Ok(body) => body,
        Err(told) => return page(&app, &scope, around, id, form.wrong(&note.to_string(), told)).await,
    };
    let by = Author { id: scope.member.user.id.0, at: app.clock.now() };
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    queries::change(&mut tx, (id, note), &body, by).await?.then_some(()).or_404()?;
    let whom = mentioned(&body, &members(&mut tx).await?);
    let new = said(&mut tx, note, &whom, by).await?;
    telling::tell(&mut tx, &app, (&contact, &scope.member.user), new).await?;
    tx.record(Entry::new("contacts.note_changed").on("contact", id, &contact.name()), by.at).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn delete(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, note)): Path<(String, ContactId, NoteId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    queries::delete(&mut tx, (id, note), scope.member.user.id.0).await?.then_some(()).or_404()?;
    let deleted = Entry::new("contacts.note_deleted").on("contact", id, &contact.name());
    tx.record(deleted, app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Deleted the note.").await?;
    Ok(back(&scope, id))
}
