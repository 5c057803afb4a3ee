//! Whether this process should live, and whether it should be given work.
//!
//! `/livez` never looks at the database: a process that waits for one must not be killed for it.
//! `/readyz` says no, with the reason, while the database is away or behind, the disk is full, or this
//! process is starting or stopping; what is wrong but takes no traffic away stands under `warnings`.
//! `/startupz` says yes once the process serves at all.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{App, Routes};
use crate::db::{
    migrate::{self, Standing},
    trouble,
};

/// A database that takes longer than this to say hello is away.
const PATIENCE: Duration = Duration::from_secs(1);
/// With fewer bytes free than this, a database in the data folder is about to stop.
const ROOM: u64 = 16 * 1024 * 1024;

pub fn routes() -> Routes {
    Routes::public().get("/livez", livez).get("/readyz", readyz).get("/startupz", livez)
}

async fn livez() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

async fn readyz(State(app): State<App>) -> Response {
    match why_not(&app).await {
        None => Json(json!({ "status": "ok", "warnings": app.warnings.all() })).into_response(),
        Some(reason) => {
            let body =
                Json(json!({ "status": "not ready", "reason": reason, "warnings": app.warnings.all() }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn why_not(app: &App) -> Option<String> {
    if app.is_stopping() {
        return Some("this process is stopping".into());
    }
    if app.is_starting() {
        return Some("this process is starting".into());
    }
    if disk_is_full(app) {
        return Some("the disk with the data folder is full".into());
    }
    let asked = tokio::time::timeout(PATIENCE, async {
        let mut conn = app.db.connection().await?;
        migrate::standing(&mut conn).await
    });
    match asked.await {
        Ok(Ok(lacks @ Standing::Lacks(_))) => Some(lacks.to_string()),
        Ok(Ok(Standing::Current | Standing::Newer { .. })) => None,
        Ok(Err(error)) => {
            trouble::note(&error);
            tracing::warn!(error = %error, "Not ready: the database does not answer: {error}");
            Some("the database does not answer".into())
        }
        Err(_) => Some("the database does not answer in time".into()),
    }
}

/// A folder that is not there (a database elsewhere, a key from the environment) needs no room.
fn disk_is_full(app: &App) -> bool {
    rustix::fs::statvfs(&app.config.data_dir)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < ROOM)
}
