//! `/w/{org}`: the home page, and putting its checklist away.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{checklist, queries, views};
use crate::{
    audit::Entry,
    orgs::{EditWorkspace, ViewWorkspace, frame::frame},
    tenancy::Scope,
    web::{App, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/", index).post("/checklist/hide", hide).post("/checklist/show", show)
}

async fn index(scope: Scope<ViewWorkspace>, State(app): State<App>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let facts = queries::facts(&mut tx).await?;
    drop(tx);
    let tasks = checklist(&scope.member, &facts);
    let shell = frame(&app, &scope, "home").await?;
    let page = views::Index::new(shell, &scope.member, tasks, &facts, app.clock.now());
    Ok(View(page).into_response())
}

async fn hide(scope: Scope<EditWorkspace>, State(app): State<App>) -> Result<Response> {
    put_away(&app, &scope, true).await?;
    flash::say(&scope.session, "Put the checklist away. It is at the bottom of this page.").await?;
    Ok(Redirect::to(&scope.member.link("")).into_response())
}

async fn show(scope: Scope<EditWorkspace>, State(app): State<App>) -> Result<Response> {
    put_away(&app, &scope, false).await?;
    Ok(Redirect::to(&scope.member.link("")).into_response())
}

async fn put_away(app: &App, scope: &Scope<EditWorkspace>, away: bool) -> Result<()> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let was_away = queries::facts(&mut tx).await?.is_checklist_hidden;
    queries::hide_checklist(&mut tx, away.then_some(now)).await?;
    let changed = Entry::new(if away { "checklist.hidden" } else { "checklist.shown" });
    let changed = changed.on("organization", tx.org(), &scope.member.access.name);
    let [before, after] = [was_away, away].map(|is_hidden| json!({ "is_hidden": is_hidden }));
    tx.record(changed.before(before).after(after), now).await?;
    tx.commit().await?;
    Ok(())
}
