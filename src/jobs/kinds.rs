//! Every kind of job this program knows, by the name it is stored under.

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use serde_json::Value;

use super::{AtWork, Failure, Job};
use crate::web::App;

type Done = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// How to do a kind of job.
#[derive(Clone)]
pub struct Kind {
    pub time_limit: Duration,
    pub pause: fn(i32) -> Duration,
    run: Arc<dyn Fn(App, AtWork, Value) -> Done + Send + Sync>,
}

impl Kind {
    pub(super) fn run(&self, app: App, at_work: AtWork, payload: Value) -> Done {
        (self.run)(app, at_work, payload)
    }
}

/// The kinds of job that a process takes.
#[derive(Clone, Default)]
pub struct Kinds(BTreeMap<&'static str, Kind>);

impl Kinds {
    /// With one more kind.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let run = |app: App, at_work: AtWork, payload: Value| -> Done {
            Box::pin(async move {
                let job: J = serde_json::from_value(payload)
                    .map_err(|error| Failure::Never(format!("the job cannot be read: {error}")))?;
                job.run(app, at_work).await
            })
        };
        self.0.insert(J::KIND, Kind { time_limit: J::TIME_LIMIT, pause: J::pause, run: Arc::new(run) });
        self
    }

    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.0.get(name)
    }

    pub fn names(&self) -> Vec<String> {
        self.0.keys().map(ToString::to_string).collect()
    }
}
