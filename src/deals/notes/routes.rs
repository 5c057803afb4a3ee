//! `/w/{org}/deals/{deal}/notes`: writing one, changing and deleting one's own.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{NoteId, queries, write};
use crate::{
    audit::Entry,
    deals::{Deal, DealId, EditDeals, deal::find, record},
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, Routes, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/deals/{deal}/notes", add)
        .post("/deals/{deal}/notes/{note}", change)
        .post("/deals/{deal}/notes/{note}/delete", delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    note: String,
}

/// What can be kept of what was typed, or what to tell.
fn body(form: &NoteForm) -> std::result::Result<String, &'static str> {
    let body = form.note.replace("\r\n", "\n");
    let body = body.trim().replace('\0', "");
    match body.chars().count() {
        0 => Err("Type what you want to remember."),
        1..=5000 => Ok(body),
        _ => Err("Please keep a note under 5000 characters."),
    }
}

async fn of(tx: &mut OrgTx, id: DealId) -> Result<Deal> {
    find(tx, id).await?.filter(|deal| deal.archived_at.is_none()).or_404()
}

fn back(scope: &Scope<EditDeals>, id: DealId) -> Response {
    Redirect::to(&scope.member.link(&format!("/deals/{id}"))).into_response()
}

async fn add(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DealId)>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let body = match body(&form) {
        Ok(body) => body,
        Err(told) => {
            return record::page(&app, &scope, id, record::wrong("note".to_owned(), form.note, told)).await;
        }
    };
    let mut tx = scope.enter().await?;
    let deal = of(&mut tx, id).await?;
    write(&mut tx, (id, &deal.name), &body, scope.member.user.id.0, app.clock.now()).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn change(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id, note)): Path<(String, DealId, NoteId)>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let body = match body(&form) {
        Ok(body) => body,
        Err(told) => {
            return record::page(&app, &scope, id, record::wrong(note.to_string(), form.note, told)).await;
        }
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let deal = of(&mut tx, id).await?;
    let by = (scope.member.user.id.0, now);
    queries::change(&mut tx, (id, note), &body, by).await?.then_some(()).or_404()?;
    tx.record(Entry::new("deals.note_changed").on("deal", id, &deal.name), now).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn delete(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id, note)): Path<(String, DealId, NoteId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let deal = of(&mut tx, id).await?;
    queries::delete(&mut tx, (id, note), scope.member.user.id.0).await?.then_some(()).or_404()?;
    tx.record(Entry::new("deals.note_deleted").on("deal", id, &deal.name), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Deleted the note.").await?;
    Ok(back(&scope, id))
}
