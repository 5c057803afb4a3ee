//! `/admin/jobs`.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::views::{Index, Jobs};
use crate::{
    admin::{ManageJobs, frame::frame, organizations},
    audit::Entry,
    jobs::{INSTALLATION, JobId, everywhere, schedule},
    tenancy::PlatformScope,
    web::{App, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::platform()
        .get("/admin/jobs", index)
        .post("/admin/jobs/schedules/{name}/run", run)
        .post("/admin/jobs/{organization}/{id}/retry", retry)
        .post("/admin/jobs/{organization}/{id}/cancel", cancel)
}

/// The query part of the list's address. What cannot be read is any.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub status: String,
    pub kind: String,
    pub organization: String,
    before: String,
}

async fn index(
    scope: PlatformScope<ManageJobs>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let filled = |text: &'_ str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (status, kind) = (filled(&query.status), filled(&query.kind));
    let org = query.organization.parse().ok();
    let before = query.before.parse().ok();
    let which = everywhere::Which { status: status.as_deref(), kind: kind.as_deref(), org, before };
    let rows = everywhere::page(&app, which).await?;
    let names = names(&app, &scope, rows.iter().map(|job| job.organization_id)).await?;
    let jobs = Jobs::new(rows, names, query, scope.user.clone());
    let page = Index {
        shell: frame(&app, &scope, "jobs").await?,
        counts: everywhere::counts(&app, org).await?,
        kinds: everywhere::kinds(&app, org).await?,
        schedules: schedule::standings(&app).await?,
        may_manage_jobs: true,
        jobs,
        reader: scope.user,
    };
    Ok(View(page).into_response())
}

/// What the organizations of these jobs are called.
async fn names(
    app: &App,
    scope: &PlatformScope<ManageJobs>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<(Uuid, String)>> {
    let mut names = vec![(INSTALLATION, "The installation".to_owned())];
    for id in ids {
        if !names.iter().any(|(known, _)| *known == id) {
            let found = organizations::find(app, scope, id).await;
            names.push((id, found.map_or_else(|_| "Unknown".to_owned(), |found| found.name)));
        }
    }
    Ok(names)
}

async fn retry(
    scope: PlatformScope<ManageJobs>,
    State(app): State<App>,
    Path((org, id)): Path<(Uuid, JobId)>,
) -> Result<Response> {
    let kind = everywhere::retry(&app, org, id).await?.or_404()?;
    record(
        &app,
        &scope,
        Entry::new("jobs.retried").on("job", id, &kind).after(json!({ "organization": org })),
    )
    .await?;
    back(&scope, &format!("The job “{kind}” is tried again now.")).await
}

async fn cancel(
    scope: PlatformScope<ManageJobs>,
    State(app): State<App>,
    Path((org, id)): Path<(Uuid, JobId)>,
) -> Result<Response> {
    let kind = everywhere::cancel(&app, org, id, app.clock.now()).await?.or_404()?;
    let entry = Entry::new("jobs.called_off").on("job", id, &kind).after(json!({ "organization": org }));
    record(&app, &scope, entry).await?;
    back(&scope, &format!("The job “{kind}” is called off.")).await
}

async fn run(
    scope: PlatformScope<ManageJobs>,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response> {
    everywhere::run_now(&app, &name).await?.then_some(()).or_404()?;
    record(&app, &scope, Entry::new("schedules.run").on("schedule", &name, &name)).await?;
    back(&scope, &format!("“{name}” is done as soon as somebody is free.")).await
}

/// In the log of the installation. The queue has connections of its own, so this is a transaction of its own.
async fn record(app: &App, scope: &PlatformScope<ManageJobs>, entry: Entry) -> Result<()> {
    let mut tx = scope.enter().await?;
    tx.record(entry, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn back(scope: &PlatformScope<ManageJobs>, said: &str) -> Result<Response> {
    flash::say(&scope.session, said).await?;
    Ok(Redirect::to("/admin/jobs").into_response())
}
