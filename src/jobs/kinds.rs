//! Every kind of job this program knows, by the name it is stored under.

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use http::Extensions;
use serde_json::Value;

use super::{AtWork, Failure, Job};
use crate::web::App;

type Done = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// How to do a kind of job.
#[derive(Clone)]
pub struct Kind {
    pub time_limit: Duration,
    pub pause: fn(i32) -> Duration,
    key_waits_only: bool,
    run: Arc<dyn Fn(App, AtWork, Value) -> Done + Send + Sync>,
}

impl Kind {
    pub(super) fn run(&self, app: App, at_work: AtWork, payload: Value) -> Done {
        (self.run)(app, at_work, payload)
    }
}

/// The kinds of job that a process takes.
#[derive(Clone, Default)]
pub struct Kinds {
    all: BTreeMap<&'static str, Kind>,
    known: Extensions,
}

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
        let kind = Kind {
            time_limit: J::TIME_LIMIT,
            pause: J::pause,
            key_waits_only: J::KEY_WAITS_ONLY,
            run: Arc::new(run),
        };
        self.all.insert(J::KIND, kind);
        self
    }

    /// Tells every job of these kinds something that only those above it know.
    #[must_use]
    pub fn knowing<T: Clone + Send + Sync + 'static>(mut self, what: T) -> Self {
        self.known.insert(what);
        self
    }

    pub(super) fn known(&self) -> Arc<Extensions> {
        Arc::new(self.known.clone())
    }

    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.all.get(name)
    }

    pub fn names(&self) -> Vec<String> {
        self.all.keys().map(ToString::to_string).collect()
    }

    /// Those whose key is free again once a job is under way.
    pub(super) fn letting_go(&self) -> Vec<String> {
        let all = self.all.iter().filter(|(_, kind)| kind.key_waits_only);
        all.map(|(name, _)| (*name).to_owned()).collect()
    }
}
