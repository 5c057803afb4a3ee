//! `/w/{org}/settings/pipelines`: which pipelines there are, and the stages of each.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    PipelineId, StageId, all,
    archiving::{self, routes::missing},
    at_hand, make, queries,
    stages::{self, StageForm},
    views,
};
use crate::{
    audit::Entry,
    contacts::contact::tidy,
    deals::ManagePipelines,
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/pipelines", index)
        .post("/settings/pipelines", create)
        .post("/settings/pipelines/{pipeline}", rename)
        .post("/settings/pipelines/{pipeline}/stages", add)
        .post("/settings/pipelines/{pipeline}/stages/{stage}", change)
        .post("/settings/pipelines/{pipeline}/stages/{stage}/move", shift)
        .post("/settings/pipelines/{pipeline}/stages/{stage}/remove", remove)
        .merge(archiving::routes::routes())
}

pub(super) const PAGE: &str = "/settings/pipelines";

async fn index(scope: Scope<ManagePipelines>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, views::Trouble::default()).await
}

async fn page(app: &App, scope: &Scope<ManagePipelines>, trouble: views::Trouble) -> Result<Response> {
    let pipelines = at_hand(app, scope).await?;
    let mut tx = scope.enter().await?;
    let held = queries::held_deals(&mut tx).await?;
    let away = archiving::away(&mut tx).await?;
    drop(tx);
    let line = |away| archiving::Line::new(away, &scope.member.user, app.clock.now());
    let away = away.into_iter().map(line).collect();
    let status = if trouble.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "pipelines").await?;
    let (path, deals) = (scope.member.link(PAGE), scope.member.link("/deals"));
    Ok((status, View(views::Index { shell, path, deals, pipelines, away, held, trouble })).into_response())
}

async fn back(scope: &Scope<ManagePipelines>, said: &str) -> Result<Response> {
    flash::say(&scope.session, said).await?;
    Ok(Redirect::to(&scope.member.link(PAGE)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PipelineForm {
    name: String,
}

/// A name that a pipeline can have, or what to tell.
fn name_of(form: &PipelineForm) -> std::result::Result<String, FieldErrors> {
    let name = tidy(&form.name);
    if name.is_empty() || name.chars().count() > 120 {
        return Err(FieldErrors::on("name", "Give the pipeline a name of up to 120 characters."));
    }
    Ok(name)
}

async fn create(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Form(form): Form<PipelineForm>,
) -> Result<Response> {
    let errors = match name_of(&form) {
        Ok(name) => {
            let now = app.clock.now();
            let mut tx = scope.enter().await?;
            if let Some(id) = make(&mut tx, &name, now).await? {
                let entry = Entry::new("pipelines.added").on("pipeline", id, &name);
                tx.record(entry.after(json!({ "name": name })), now).await?;
                tx.commit().await?;
                let said = format!("Made the pipeline “{name}”. Change its stages to how you sell.");
                return back(&scope, &said).await;
            }
            FieldErrors::on("name", archiving::taken(&mut tx, &name).await?)
        }
        Err(told) => told,
    };
    page(&app, &scope, views::Trouble { at: "new".to_owned(), name: form.name, errors, ..Default::default() })
        .await
}

async fn rename(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, id)): Path<(String, PipelineId)>,
    Form(form): Form<PipelineForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let Some(before) = all(&mut tx).await?.into_iter().find(|one| one.id == id) else {
        return missing(&mut tx, &scope, id).await;
    };
    let errors = match name_of(&form) {
        Err(told) => told,
        Ok(name) if !queries::rename(&mut tx, id, &name).await? => {
            FieldErrors::on("name", archiving::taken(&mut tx, &name).await?)
        }
        Ok(name) => {
            let entry = Entry::new("pipelines.renamed").on("pipeline", id, &name);
            let entry = entry.before(json!({ "name": before.name })).after(json!({ "name": name }));
            tx.record(entry, now).await?;
            tx.commit().await?;
            return back(&scope, &format!("It is called “{name}” now.")).await;
        }
    };
    drop(tx);
    let at = id.to_string();
    page(&app, &scope, views::Trouble { at, name: form.name, errors, ..Default::default() }).await
}

async fn add(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, pipeline)): Path<(String, PipelineId)>,
    Form(form): Form<StageForm>,
) -> Result<Response> {
    put(&app, &scope, (pipeline, None), form).await
}

async fn change(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, pipeline, stage)): Path<(String, PipelineId, StageId)>,
    Form(form): Form<StageForm>,
) -> Result<Response> {
    put(&app, &scope, (pipeline, Some(stage)), form).await
}

async fn put(
    app: &App,
    scope: &Scope<ManagePipelines>,
    (pipeline, stage): (PipelineId, Option<StageId>),
    form: StageForm,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    match stages::put(&mut tx, (pipeline, stage), &form, app.clock.now()).await? {
        None => missing(&mut tx, scope, pipeline).await,
        Some(Ok(kept)) => {
            tx.commit().await?;
            back(scope, &format!("Kept the stage “{}”.", kept.name)).await
        }
        Some(Err(errors)) => {
            drop(tx);
            let at = stage.map_or_else(|| format!("{pipeline}-new"), |stage| stage.to_string());
            page(app, scope, views::Trouble { at, stage: form, errors, ..Default::default() }).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShiftForm {
    /// `up` or `down`.
    way: String,
}

async fn shift(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, pipeline, stage)): Path<(String, PipelineId, StageId)>,
    Form(form): Form<ShiftForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let is_up = form.way == "up";
    let Some(shifted) = stages::shift(&mut tx, (pipeline, stage), is_up, app.clock.now()).await? else {
        return missing(&mut tx, &scope, pipeline).await;
    };
    tx.commit().await?;
    let way = if is_up { "up" } else { "down" };
    back(&scope, &format!("Moved the stage “{}” {way}.", shifted.name)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RemoveForm {
    /// The stage that its deals go to.
    to: String,
}

async fn remove(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, pipeline, stage)): Path<(String, PipelineId, StageId)>,
    Form(form): Form<RemoveForm>,
) -> Result<Response> {
    let (by, now) = (scope.member.user.id.0, app.clock.now());
    let mut tx = scope.enter().await?;
    match stages::remove(&mut tx, (pipeline, stage, form.to.parse().ok()), by, now).await? {
        None => missing(&mut tx, &scope, pipeline).await,
        Some(Ok(said)) => {
            tx.commit().await?;
            back(&scope, &said).await
        }
        Some(Err(told)) => {
            drop(tx);
            let errors = FieldErrors::on("to", told);
            page(&app, &scope, views::Trouble { at: stage.to_string(), errors, ..Default::default() }).await
        }
    }
}
