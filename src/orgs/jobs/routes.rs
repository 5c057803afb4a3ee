//! `/w/{org}/settings/jobs`.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::views::Index;
use crate::{
    audit::Entry,
    jobs::{JobId, list},
    orgs::{EditJobs, ViewJobs, frame::frame},
    tenancy::Scope,
    web::{App, OrNotFound, Result, Routes, View, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/jobs", index)
        .post("/settings/jobs/{id}/retry", retry)
        .post("/settings/jobs/{id}/cancel", cancel)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    status: String,
    /// The last job of the page before.
    before: Option<Uuid>,
}

async fn index(
    scope: Scope<ViewJobs>,
    State(app): State<App>,
    wants: Wants,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let status = list::STATUSES.iter().map(|(key, _)| *key).find(|key| *key == query.status);
    let mut tx = scope.enter().await?;
    let org = tx.org();
    let counts = list::counts(tx.conn(), org).await?;
    let jobs = list::page(tx.conn(), org, status, query.before).await?;
    drop(tx);
    let shell = frame(&app, &scope, "settings").await?;
    let page = Index::new(shell, &scope.member, counts, jobs, status.unwrap_or_default());
    Ok(if wants == Wants::Part { View(page.list()).into_response() } else { View(page).into_response() })
}

async fn retry(
    scope: Scope<EditJobs>,
    State(app): State<App>,
    Path((_, id)): Path<(String, JobId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let org = tx.org();
    let kind = list::retry(tx.conn(), org, id).await?.or_404()?;
    tx.record(Entry::new("jobs.retried").on("job", id, &kind), app.clock.now()).await?;
    tx.commit().await?;
    back(&scope, &format!("The job “{kind}” is tried again now.")).await
}

async fn cancel(
    scope: Scope<EditJobs>,
    State(app): State<App>,
    Path((_, id)): Path<(String, JobId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let org = tx.org();
    let kind = list::cancel(tx.conn(), org, id, now).await?.or_404()?;
    let called_off = Entry::new("jobs.called_off").on("job", id, &kind);
    tx.record(called_off.after(json!({ "status": "cancelled" })), now).await?;
    tx.commit().await?;
    back(&scope, &format!("The job “{kind}” is called off.")).await
}

async fn back(scope: &Scope<EditJobs>, said: &str) -> Result<Response> {
    flash::say(&scope.session, said).await?;
    Ok(Redirect::to(&scope.member.link("/settings/jobs")).into_response())
}
