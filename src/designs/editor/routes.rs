//! `/w/{org}/designs/{id}`: the editor, its frame, and the steps along what was done.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use uuid::Uuid;

use super::{
    canvas, changes,
    page::{self, Known, Look, Trouble},
};
use crate::{
    designs::{
        EditDesigns, ViewDesigns,
        draft::{self, Along},
        people,
    },
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, OrNotFound, Result, Routes, View, Wants, flash, toast::ToastPart},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/designs/{id}", show)
        .get("/designs/{id}/canvas", show_canvas)
        .post("/designs/{id}/undo", undo)
        .post("/designs/{id}/redo", redo)
        .merge(changes::routes())
}

async fn show(
    scope: Scope<ViewDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    let look = look.checked();
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let known = Known::load(&scope, &mut tx, look).await?;
    drop(tx);
    let shell = frame(&app, &scope, "designs").await?;
    let editor = page::editor(shell, &scope, draft, known, Trouble::default());
    if wants == Wants::Part {
        let address = format!("/w/{}/designs/{}?{}", editor.org, editor.draft.id, editor.look.as_query());
        return Ok(([("hx-replace-url", address)], View(editor.as_editor())).into_response());
    }
    Ok(View(editor).into_response())
}

async fn show_canvas(
    scope: Scope<ViewDesigns>,
    Path((_, id)): Path<(String, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    let look = look.checked();
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let fields = people::fields(&mut tx).await?;
    let values = page::values(&scope, &mut tx, &look).await?;
    Ok(canvas::draw(&draft.document, &look, (&fields, &values))?)
}

async fn undo(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    walk(&app, &scope, wants, (id, look), Along::Undo).await
}

async fn redo(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    walk(&app, &scope, wants, (id, look), Along::Redo).await
}

async fn walk(
    app: &App,
    scope: &Scope<EditDesigns>,
    wants: Wants,
    (id, look): (Uuid, Look),
    along: Along,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    draft::queries::lock(&mut tx, id).await?;
    let before = draft::load(&mut tx, id).await?.or_404()?;
    let said = draft::walk(&mut tx, &before, along, app.clock.now()).await?;
    tx.commit().await?;
    let nothing =
        if along == Along::Undo { "There is nothing to undo." } else { "There is nothing to do again." };
    answer(app, scope, wants, (id, look.checked()), said.as_deref().unwrap_or(nothing)).await
}

/// The editor as it is now, with a sentence.
pub(super) async fn answer(
    app: &App,
    scope: &Scope<EditDesigns>,
    wants: Wants,
    (id, look): (Uuid, Look),
    said: &str,
) -> Result<Response> {
    if wants == Wants::Page {
        if !said.is_empty() {
            flash::say(&scope.session, said).await?;
        }
        let address = scope.member.link(&format!("/designs/{id}?{}", look.as_query()));
        return Ok(Redirect::to(&address).into_response());
    }
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let (look, known) = Known::load(scope, &mut tx, look).await?;
    drop(tx);
    let address = scope.member.link(&format!("/designs/{id}?{}", look.as_query()));
    let shell = frame(app, scope, "designs").await?;
    let editor = page::editor(shell, scope, draft, (look, known), Trouble::default());
    let mut html = askama::Template::render(&editor.as_editor())?;
    if !said.is_empty() {
        html.push_str(&askama::Template::render(&ToastPart::ok(said))?);
    }
    let headers = [("hx-replace-url", address), ("vary", "HX-Request, HX-Request-Type".to_owned())];
    Ok((StatusCode::OK, headers, axum::response::Html(html)).into_response())
}
