//! Numbers about this process for those who watch over it, in the text format of Prometheus (OpenMetrics 1.0).
//!
//! They are served on an address of their own, never among the pages: how much is done here, and when,
//! is nobody else's business. Always true: a label comes out of a list in the code (a route's pattern, a
//! method, a class of status), never out of a request, so that nobody can make the numbers grow without
//! end and no name of anybody's stands in them.
//!
//! - [`requests`]: requests, counted and timed as they pass
//! - [`gauges`]: what is looked at when somebody asks; other modules add theirs in `app.rs`
//! - `process`: memory, processor time, connections to the database

pub mod gauges;
mod process;
pub mod requests;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};

pub use gauges::{Gauges, Reading};
use requests::Requests;

use super::{App, Error};
use crate::clock::Clock;

const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is counted all the time. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Requests,
    /// Seconds since 1970.
    started_at: i64,
}

impl Metrics {
    pub fn new(clock: &Clock) -> Self {
        let mut registry = Registry::default();
        let requests = Requests::register(&mut registry);
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("groundswell_build", "What runs here", version);
        Self { registry: Arc::new(registry), requests, started_at: clock.now().timestamp() }
    }

    /// Everything as text: what was counted, and what `gauges` show now.
    async fn text(&self, app: &App, gauges: &Gauges) -> Result<String, std::fmt::Error> {
        let shown = gauges.look(app).await;
        let mut text = String::new();
        text::encode_registry(&mut text, &self.registry)?;
        text::encode_registry(&mut text, &shown)?;
        text::encode_eof(&mut text)?;
        Ok(text)
    }
}

/// What the metrics address serves: `/metrics`, and nothing else.
pub fn router(app: App, gauges: Gauges) -> Router {
    let gauges = Gauges::default().with("process", process::readings).and(gauges);
    Router::new().route("/metrics", get(show)).with_state((app, Arc::new(gauges)))
}

async fn show(State((app, gauges)): State<(App, Arc<Gauges>)>) -> Result<Response, Error> {
    let text = app.metrics.text(&app, &gauges).await.map_err(|error| Error::Other(error.into()))?;
    Ok(([(header::CONTENT_TYPE, FORMAT)], text).into_response())
}
