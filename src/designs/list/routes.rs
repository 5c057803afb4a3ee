//! `/w/{org}/designs`: the list, and what is done to a design as a whole.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{queries, views};
use crate::{
    audit::Entry,
    designs::{
        EditDesigns, ViewDesigns, draft,
        starters::{STARTERS, starter},
    },
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/designs", index)
        .get("/designs/new", new)
        .post("/designs", create)
        .get("/designs/{id}/name", edit_name)
        .post("/designs/{id}/name", rename)
        .post("/designs/{id}/duplicate", duplicate)
        .post("/designs/{id}/archive", archive)
        .post("/designs/{id}/restore", restore)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    show: String,
}

async fn index(
    scope: Scope<ViewDesigns>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let shows_archived = query.show == "archived";
    let literal = query.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let designs = queries::all(&mut scope.enter().await?, shows_archived, &format!("%{literal}%")).await?;
    let page = views::Index {
        shell: frame(&app, &scope, "designs").await?,
        org: scope.member.access.slug.clone(),
        designs,
        q: query.q,
        shows_archived,
        may_edit: scope.member.may::<EditDesigns>(),
        me: scope.member.user.clone(),
    };
    Ok(View(page).into_response())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    name: String,
    starter: String,
}

/// A name that a design can have, or what to tell whoever typed it.
fn checked(name: &str) -> Result<String, FieldErrors> {
    let name = name.trim();
    let is_fine = !name.is_empty() && name.chars().count() <= 120 && !name.contains(char::is_control);
    if is_fine {
        Ok(name.to_owned())
    } else {
        Err(FieldErrors::on("name", "Give the design a name of up to 120 characters."))
    }
}

async fn new(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Query(form): Query<NewForm>,
) -> Result<Response> {
    show_new(&app, &scope, form, FieldErrors::default()).await
}

async fn show_new(
    app: &App,
    scope: &Scope<EditDesigns>,
    form: NewForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let starter = if starter(&form.starter).is_some() { form.starter } else { "blank".to_owned() };
    let (shell, org) = (frame(app, scope, "designs").await?, scope.member.access.slug.clone());
    let page = views::New { shell, org, title: form.name, starter, starters: STARTERS, errors };
    Ok((status, View(page)).into_response())
}

async fn create(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    let name = match checked(&form.name) {
        Ok(name) => name,
        Err(errors) => return show_new(&app, &scope, form, errors).await,
    };
    let starter = starter(if form.starter.is_empty() { "blank" } else { &form.starter }).or_404()?;
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let id = queries::add(&mut tx, &name, &starter.document(), now).await?;
    let entry = Entry::new("designs.created").on("design", id, &name);
    tx.record(entry.after(json!({ "name": name, "from": starter.key })), now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/designs/{id}"))).into_response())
}

async fn edit_name(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let draft = draft::load(&mut scope.enter().await?, id).await?.or_404()?;
    show_name(&app, &scope, (id, draft.name), FieldErrors::default()).await
}

async fn show_name(
    app: &App,
    scope: &Scope<EditDesigns>,
    (id, title): (Uuid, String),
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (shell, org) = (frame(app, scope, "designs").await?, scope.member.access.slug.clone());
    Ok((status, View(views::Rename { shell, org, id, title, errors })).into_response())
}

async fn rename(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let name = match checked(&form.name) {
        Ok(name) => name,
        Err(errors) => return show_name(&app, &scope, (id, form.name), errors).await,
    };
    queries::rename(&mut tx, id, &name, now).await?;
    let entry = Entry::new("designs.renamed").on("design", id, &name);
    tx.record(entry.before(json!({ "name": draft.name })).after(json!({ "name": name })), now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/designs/{id}"))).into_response())
}

async fn duplicate(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let name: String = format!("Copy of {}", draft.name).chars().take(120).collect();
    let copy = queries::add(&mut tx, &name, &draft.document.renewed(), now).await?;
    let entry = Entry::new("designs.copied").on("design", copy, &name);
    tx.record(entry.after(json!({ "name": name, "from": id })), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("This is {name}.")).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/designs/{copy}"))).into_response())
}

async fn archive(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    put_away(&app, &scope, id, true).await
}

async fn restore(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    put_away(&app, &scope, id, false).await
}

async fn put_away(app: &App, scope: &Scope<EditDesigns>, id: Uuid, away: bool) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let name = queries::set_archived(&mut tx, id, away.then_some(now)).await?.or_404()?;
    let entry =
        Entry::new(if away { "designs.archived" } else { "designs.restored" }).on("design", id, &name);
    tx.record(entry, now).await?;
    tx.commit().await?;
    let (said, path) =
        if away { ("Put away", "/designs?show=archived") } else { ("Took out again", "/designs") };
    flash::say(&scope.session, &format!("{said}: {name}.")).await?;
    Ok(Redirect::to(&scope.member.link(path)).into_response())
}
