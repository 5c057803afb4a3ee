//! `/w/{org}/campaigns`: the list, and what is done to a campaign as a whole.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;

use super::{queries, views};
use crate::{
    audit::Entry,
    campaigns::{CampaignId, EditCampaigns, Status, ViewCampaigns, broadcast, draft},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/campaigns", index)
        .get("/campaigns/new", new)
        .post("/campaigns/new", create)
        .post("/campaigns/{campaign}/copy", copy)
        .post("/campaigns/{campaign}/archive", archive)
        .post("/campaigns/{campaign}/restore", restore)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    status: String,
}

async fn index(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let shows_archived = query.status == "archived";
    let literal = query.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let campaigns = queries::all(&mut scope.enter().await?, shows_archived, &format!("%{literal}%")).await?;
    let page = views::Index {
        shell: frame(&app, &scope, "campaigns").await?,
        path: scope.member.link("/campaigns"),
        campaigns,
        q: query.q,
        shows_archived,
        may_edit: scope.member.may::<EditCampaigns>(),
        me: scope.member.user.clone(),
    };
    Ok(View(page).into_response())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    name: String,
}

async fn new(scope: Scope<EditCampaigns>, State(app): State<App>) -> Result<Response> {
    show_new(&app, &scope, NewForm::default(), FieldErrors::default()).await
}

async fn show_new(
    app: &App,
    scope: &Scope<EditCampaigns>,
    form: NewForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (shell, path) = (frame(app, scope, "campaigns").await?, scope.member.link("/campaigns"));
    Ok((status, View(views::New { shell, path, typed: form.name, errors })).into_response())
}

async fn create(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let name = draft::checked_name(&form.name, &mut errors);
    if !errors.is_empty() {
        return show_new(&app, &scope, form, errors).await;
    }
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let id = queries::add(&mut tx, &name, scope.member.user.id.0, now).await?;
    let entry = Entry::new("campaigns.added").on("campaign", id, &name);
    tx.record(entry.after(json!({ "name": name })), now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/campaigns/{id}"))).into_response())
}

async fn copy(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let name: String = format!("Copy of {}", found.name).chars().take(120).collect();
    let copy = queries::copy(&mut tx, found.id, &name, scope.member.user.id.0, now).await?;
    let entry = Entry::new("campaigns.copied").on("campaign", copy, &name);
    tx.record(entry.after(json!({ "name": name, "from": id })), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("This is {name}. It is a draft: nothing is sent.")).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/campaigns/{copy}"))).into_response())
}

async fn archive(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    put_away(&app, &scope, id, true).await
}

async fn restore(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    put_away(&app, &scope, id, false).await
}

/// What is on its way cannot be put out of sight.
async fn put_away(app: &App, scope: &Scope<EditCampaigns>, id: CampaignId, away: bool) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    if away && !(found.status.is_over() || found.status == Status::Draft) {
        let words = "It is on its way. Call it off first, or wait until it is done.";
        flash::say_error(&scope.session, words).await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/campaigns/{id}"))).into_response());
    }
    let name = queries::set_archived(&mut tx, id, away.then_some(now)).await?.or_404()?;
    let action = if away { "campaigns.archived" } else { "campaigns.restored" };
    tx.record(Entry::new(action).on("campaign", id, &name), now).await?;
    tx.commit().await?;
    let (said, path) =
        if away { ("Archived", "/campaigns?status=archived") } else { ("Brought back", "/campaigns") };
    flash::say(&scope.session, &format!("{said}: {name}.")).await?;
    Ok(Redirect::to(&scope.member.link(path)).into_response())
}
