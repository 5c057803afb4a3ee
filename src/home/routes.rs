//! `/w/{org}`: the home page, and putting its checklist away.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{checklist, queries, views};
use crate::{
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
    let mut tx = scope.enter().await?;
    queries::hide_checklist(&mut tx, Some(app.clock.now())).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Put the checklist away. It is at the bottom of this page.").await?;
    Ok(Redirect::to(&scope.member.link("")).into_response())
}

async fn show(scope: Scope<EditWorkspace>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::hide_checklist(&mut tx, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link("")).into_response())
}
