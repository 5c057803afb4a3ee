//! Whether this process should live, and whether it should be given work.
//!
//! `/livez` never looks at the database: a process that waits for one must not be killed for it.
//! `/readyz` says no, with the reason, while the database is away, behind, or this process is stopping.
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
use crate::db::migrate;

/// A database that takes longer than this to say hello is away.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes() -> Routes {
    Routes::public().get("/livez", livez).get("/readyz", readyz).get("/startupz", livez)
}

async fn livez() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

async fn readyz(State(app): State<App>) -> Response {
    match why_not(&app).await {
        None => Json(json!({ "status": "ok" })).into_response(),
        Some(reason) => {
            let body = Json(json!({ "status": "not ready", "reason": reason }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn why_not(app: &App) -> Option<String> {
    if app.is_stopping() {
        return Some("this process is stopping".into());
    }
    let asked = tokio::time::timeout(PATIENCE, async {
        let mut conn = app.db.connection().await?;
        migrate::behind(&mut conn).await
    });
    match asked.await {
        Ok(Ok(behind)) => behind,
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "Not ready: the database does not answer: {error}");
            Some("the database does not answer".into())
        }
        Err(_) => Some("the database does not answer in time".into()),
    }
}
