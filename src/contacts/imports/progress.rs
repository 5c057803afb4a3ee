//! `/w/{org}/contacts/imports/{import}`: what an import would do, is doing or has done, and taking it back.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{ImportId, queries, refusals, undo::UndoImport, views, work::RunImport};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts},
    jobs::{self, Job, Order},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, Error, OrNotFound, Result, Routes, View, Wants, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/imports/{import}", show)
        .post("/contacts/imports/{import}/start", start)
        .post("/contacts/imports/{import}/stop", stop)
        .post("/contacts/imports/{import}/undo", undo)
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ImportId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    let reasons = refusals::reasons(&mut tx, id).await?;
    drop(tx);
    let progress = views::Progress::new(&scope.member, import, reasons, app.clock.now());
    if wants == Wants::Part {
        return Ok(View(views::Standing { progress }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Show { shell, progress }).into_response())
}

async fn start(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
) -> Result<Response> {
    let import = |id: ImportId| RunImport { import: id.0 };
    move_on(&app, &scope, id, (&["ready", "failed", "cancelled"], "running", "imports.started"), import).await
}

async fn undo(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
) -> Result<Response> {
    let undo = |id: ImportId| UndoImport { import: id.0 };
    let from = &["done", "cancelled", "failed"];
    move_on(&app, &scope, id, (from, "undoing", "imports.undone"), undo).await
}

/// Moves an import on, and orders the work that does it.
async fn move_on<J: Job>(
    app: &App,
    scope: &Scope<EditContacts>,
    id: ImportId,
    (from, to, action): (&[&str], &str, &'static str),
    job: impl Fn(ImportId) -> J,
) -> Result<Response> {
    let now = app.clock.now();
    let back = Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response();
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    if import.mapping.iter().all(String::is_empty) || !queries::step(&mut tx, id, (from, to), now).await? {
        flash::say_error(&scope.session, "It is past that: this page shows how it stands.").await?;
        return Ok(back);
    }
    let org = tx.org();
    let order =
        Order { key: Some(&id.to_string()), requested_by: Some(scope.member.user.id.0), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &job(id), order).await.map_err(anyhow::Error::from)?;
    tx.record(Entry::new(action).on("import", id, &import.file_name), now).await?;
    tx.commit().await?;
    Ok(back)
}

async fn stop(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    let (from, to) =
        if import.started_at.is_some() { ("running", "cancelled") } else { ("checking", "matching") };
    if !queries::step(&mut tx, id, (&[from], to), now).await? {
        return Err(Error::NotFound);
    }
    tx.record(Entry::new("imports.stopped").on("import", id, &import.file_name), now).await?;
    tx.commit().await?;
    let words = match to {
        "cancelled" => "Stopped. What was imported so far stays; it can go on, or be undone.",
        _ => "Stopped. Nothing was imported.",
    };
    flash::say(&scope.session, words).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response())
}
