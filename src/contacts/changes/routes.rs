//! `/w/{org}/contacts/changes`: what was done to many, how far it is, and taking it back.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;

use super::{Change, ChangeId, ordering, queries, views};
use crate::{
    audit::Entry,
    contacts::{
        EditContacts,
        table::{self, ListQuery},
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, OrNotFound, Result, Routes, Toast, View, Wants, flash, toast::ToastPart},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/changes", index)
        .get("/contacts/changes/{change}", show)
        .post("/contacts/changes/{change}/start", start)
        .post("/contacts/changes/{change}/stop", stop)
        .post("/contacts/changes/{change}/undo", undo)
}

async fn index(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    let changes = queries::recent(&mut scope.enter().await?).await?;
    let shell = frame(&app, &scope, "contacts").await?;
    let list = views::List::new(&scope.member, changes, app.clock.now());
    Ok(View(views::Index { shell, list }).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    /// The query part of the address of the list in which people were chosen.
    from: String,
}

async fn show(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ChangeId)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let from = scope.member.link(&format!("/contacts?{}", ListQuery::of(&query.from).view()));
    let change = queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    let list = views::List::new(&scope.member, vec![change.clone()], app.clock.now());
    if wants == Wants::Part {
        return Ok(View(views::Standing { from, list, change }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Show { shell, from, list, change }).into_response())
}

async fn start(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ChangeId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let change = queries::find(&mut tx, id).await?.or_404()?;
    if !change.can_go_on(now) {
        return moved(&app, &scope, tx, (&change, false)).await;
    }
    let started = Entry::new("changes.started").on("change", id, &change.title());
    let is_moved = match change.is("undo_failed") {
        true => ordering::undo(&mut tx, id, change.changed, now).await?,
        false => ordering::start(&mut tx, id, change.people, now).await?,
    };
    tx.record(started.after(json!({ "people": change.people })), now).await?;
    moved(&app, &scope, tx, (&change, is_moved)).await
}

async fn stop(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ChangeId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let change = queries::find(&mut tx, id).await?.or_404()?;
    let is_moved = queries::step(&mut tx, id, (&["running"], "stopped"), now).await?;
    tx.record(Entry::new("changes.stopped").on("change", id, &change.title()), now).await?;
    moved(&app, &scope, tx, (&change, is_moved)).await
}

/// Keeps what was done; says so where somebody else, or the end, was quicker.
async fn moved(
    app: &App,
    scope: &Scope<EditContacts>,
    tx: OrgTx,
    (change, is_moved): (&Change, bool),
) -> Result<Response> {
    if is_moved {
        tx.commit().await?;
        table::changed(app, &scope.member);
    } else {
        drop(tx);
        flash::say(&scope.session, "It had already moved on. Here is how far it is.").await?;
    }
    Ok(there(scope, change.id))
}

fn there(scope: &Scope<EditContacts>, id: ChangeId) -> Response {
    Redirect::to(&scope.member.link(&format!("/contacts/changes/{id}"))).into_response()
}

async fn undo(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ChangeId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let change = queries::find(&mut tx, id).await?.filter(|change| change.can_undo(now)).or_404()?;
    let is_moved = ordering::undo(&mut tx, id, change.changed, now).await?;
    is_moved.then_some(()).or_404()?;
    let change = queries::find(&mut tx, id).await?.or_404()?;
    if change.is_moving() {
        tx.record(Entry::new("changes.undo_started").on("change", id, &change.title()), now).await?;
    }
    tx.commit().await?;
    table::changed(&app, &scope.member);
    told(&scope, wants, &change).await
}

/// What became of an undo: beside the page where it was pressed, or on the page of the change.
async fn told(scope: &Scope<EditContacts>, wants: Wants, change: &Change) -> Result<Response> {
    if change.is_moving() {
        return Ok(match wants {
            Wants::Page => there(scope, change.id),
            Wants::Part => {
                let page = scope.member.link(&format!("/contacts/changes/{}", change.id));
                [("hx-redirect", page)].into_response()
            }
        });
    }
    let said = change.undone();
    if wants == Wants::Page {
        flash::say(&scope.session, &said).await?;
        return Ok(there(scope, change.id));
    }
    Ok(([("hx-trigger", "contacts-changed")], View(ToastPart { toast: Toast::ok(&said) })).into_response())
}
