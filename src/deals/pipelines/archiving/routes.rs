//! `/w/{org}/settings/pipelines/{pipeline}/archive`, `/restore` and `/first`, and what the board says of one that is
//! archived.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Away, archive, away, make_first, meant, queries, restore, views};
use crate::{
    deals::{
        ManagePipelines, ViewDeals,
        board::Around,
        deal::owners,
        pipelines::{self, Pipeline, PipelineId, queries::held_deals, routes::PAGE},
        table::DealQuery,
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/pipelines/{pipeline}/archive", ask)
        .post("/settings/pipelines/{pipeline}/archive", put_away)
        .post("/settings/pipelines/{pipeline}/restore", bring_back)
        .post("/settings/pipelines/{pipeline}/first", first)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ArchiveForm {
    /// The stage that its deals go to.
    pub to: String,
}

async fn ask(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, PipelineId)>,
) -> Result<Response> {
    question(&app, &scope, wants, (id, ArchiveForm::default()), FieldErrors::default()).await
}

async fn question(
    app: &App,
    scope: &Scope<ManagePipelines>,
    wants: Wants,
    (id, form): (PipelineId, ArchiveForm),
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let all = pipelines::all(&mut tx).await?;
    let Some(pipeline) = all.iter().find(|one| one.id == id).cloned() else {
        return missing(&mut tx, scope, id).await;
    };
    let held = held_deals(&mut tx).await?;
    drop(tx);
    let path = scope.member.link(PAGE);
    let asked = views::Asked::new(path, pipeline, (&all, &held), (form, errors));
    let shell = frame(app, scope, "pipelines").await?;
    Ok(match wants {
        Wants::Part => (status, View(views::Question { asked })).into_response(),
        Wants::Page => (status, View(views::Archive { shell, asked })).into_response(),
    })
}

async fn put_away(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, id)): Path<(String, PipelineId)>,
    Form(form): Form<ArchiveForm>,
) -> Result<Response> {
    let (by, now) = (scope.member.user.id.0, app.clock.now());
    let mut tx = scope.enter().await?;
    match archive(&mut tx, (id, form.to.parse().ok()), by, now).await? {
        Some(Ok(said)) => {
            tx.commit().await?;
            let undo = scope.member.link(&format!("{PAGE}/{id}/restore"));
            flash::say_with_undo(&scope.session, &said, undo).await?;
            Ok(to_settings(&scope))
        }
        Some(Err(told)) => {
            drop(tx);
            let errors = FieldErrors::on("to", told);
            question(&app, &scope, Wants::Page, (id, form), errors).await
        }
        None => missing(&mut tx, &scope, id).await,
    }
}

async fn bring_back(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, id)): Path<(String, PipelineId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    match restore(&mut tx, id, scope.member.user.id.0, app.clock.now()).await? {
        Some(said) => {
            tx.commit().await?;
            flash::say(&scope.session, &said).await?;
        }
        // Pressed twice, or somebody else had the same thought.
        None => {
            pipelines::all(&mut tx).await?.into_iter().find(|one| one.id == id).or_404()?;
        }
    }
    Ok(to_settings(&scope))
}

async fn first(
    scope: Scope<ManagePipelines>,
    State(app): State<App>,
    Path((_, id)): Path<(String, PipelineId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let Some(name) = make_first(&mut tx, id, app.clock.now()).await? else {
        return missing(&mut tx, &scope, id).await;
    };
    tx.commit().await?;
    flash::say(&scope.session, &format!("The board opens with “{name}” now.")).await?;
    Ok(to_settings(&scope))
}

fn to_settings(scope: &Scope<ManagePipelines>) -> Response {
    Redirect::to(&scope.member.link(PAGE)).into_response()
}

/// Somebody archived it meanwhile, or there is none.
pub(in crate::deals) async fn missing(
    tx: &mut OrgTx,
    scope: &Scope<ManagePipelines>,
    id: PipelineId,
) -> Result<Response> {
    let gone = away(tx).await?.into_iter().find(|one| one.id == id).or_404()?;
    let told = format!("“{}” is archived, so nothing was changed. Bring it back first.", gone.name);
    flash::say_error(&scope.session, &told).await?;
    Ok(to_settings(scope))
}

/// The archived pipeline that an address of board or table names.
pub(in crate::deals) async fn is_away(
    tx: &mut OrgTx,
    all: &[Pipeline],
    query: &DealQuery,
) -> sqlx::Result<Option<Away>> {
    let is_here = |one: &Pipeline| {
        one.id.to_string() == query.pipeline
            || one.stages.iter().any(|stage| stage.id.to_string() == query.stage)
    };
    if all.iter().any(is_here) { Ok(None) } else { meant(tx, query).await }
}

/// In place of its board: that it is archived, and where its deals are.
pub(in crate::deals) async fn gone(
    app: &App,
    scope: &Scope<ViewDeals>,
    mut tx: OrgTx,
    (all, away): (Vec<Pipeline>, Away),
) -> Result<Response> {
    let there = queries::there(&mut tx, &away).await?;
    let around = Around::new(&scope.member, all, owners(&mut tx).await?, DealQuery::default());
    drop(tx);
    let shell = frame(app, scope, "deals").await?;
    let may_manage = scope.member.may::<ManagePipelines>();
    let settings = scope.member.link(PAGE);
    let page = views::Gone { shell, around, away, there, may_manage, settings, now: app.clock.now() };
    Ok(View(page).into_response())
}
