//! How the installation is, in sentences: what is well, what is worth knowing, what is wrong and what to do.

mod health;
mod queries;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

pub use health::{Finding, Tone};

use super::{ManageJobs, ViewPlatform, frame::frame};
use crate::{
    accounts::User,
    jobs::schedule::{self, Standing},
    tenancy::PlatformScope,
    web::{App, Result, Routes, Shell, View},
};

pub fn routes() -> Routes {
    Routes::platform().get("/admin", index)
}

async fn index(scope: PlatformScope<ViewPlatform>, State(app): State<App>) -> Result<Response> {
    let findings = health::look(&app).await?;
    let schedules = schedule::standings(&app).await?;
    let shell = frame(&app, &scope, "overview").await?;
    let may_manage_jobs = scope.may::<ManageJobs>();
    Ok(View(Index { shell, findings, schedules, may_manage_jobs, reader: scope.user }).into_response())
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Index {
    shell: Shell,
    findings: Vec<Finding>,
    schedules: Vec<Standing>,
    may_manage_jobs: bool,
    reader: User,
}
