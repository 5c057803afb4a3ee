//! What is looked at when somebody asks, such as how long a queue is.
//!
//! A look that fails or takes too long leaves its numbers out, and is counted; the rest is shown. The
//! numbers are wanted most when the database is away.

use std::{collections::BTreeMap, pin::Pin, sync::Arc, sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use tokio::task::JoinSet;

use crate::web::App;

/// How long one look may take: whoever asks waits ten seconds, as a rule.
const PATIENCE: Duration = Duration::from_secs(2);

/// A number as it is now.
#[derive(Clone, Debug)]
pub struct Reading {
    name: &'static str,
    help: &'static str,
    /// A name and a value out of a list in the code: never an id, a slug or an address.
    label: Option<(&'static str, &'static str)>,
    value: f64,
    only_grows: bool,
}

impl Reading {
    pub fn new(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, help, label: None, value, only_grows: false }
    }

    /// A number that is never smaller than before, such as time that was used. `_total` is added to its name.
    pub fn total(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { only_grows: true, ..Self::new(name, help, value) }
    }

    pub fn of(self, label: &'static str, value: &'static str) -> Self {
        Self { label: Some((label, value)), ..self }
    }
}

type Looking = Pin<Box<dyn Future<Output = anyhow::Result<Vec<Reading>>> + Send>>;
type Look = Arc<dyn Fn(App) -> Looking + Send + Sync>;

/// Everything to look at.
#[derive(Clone, Default)]
pub struct Gauges(Vec<(&'static str, Look)>);

impl Gauges {
    /// Adds one look, with a name for the log.
    pub fn with<F, L, E>(mut self, name: &'static str, look: F) -> Self
    where
        F: Fn(App) -> L + Send + Sync + 'static,
        L: Future<Output = Result<Vec<Reading>, E>> + Send + 'static,
        E: Into<anyhow::Error>,
    {
        let look = move |app: App| -> Looking {
            let looking = look(app);
            Box::pin(async move { looking.await.map_err(Into::into) })
        };
        self.0.push((name, Arc::new(look)));
        self
    }

    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(super) async fn look(&self, app: &App) -> Registry {
        let mut looking = JoinSet::new();
        for (name, look) in self.0.clone() {
            let app = app.clone();
            looking.spawn(async move { (name, tokio::time::timeout(PATIENCE, look(app)).await) });
        }
        let (mut readings, mut failed) = (Vec::new(), 0.0);
        for looked in looking.join_all().await {
            match looked {
                (_, Ok(Ok(seen))) => readings.extend(seen),
                (name, Ok(Err(error))) => {
                    failed += 1.0;
                    tracing::warn!(gauges = name, error = %error, "The numbers of {name} are missing: {error:#}");
                }
                (name, Err(_)) => {
                    failed += 1.0;
                    tracing::warn!(gauges = name, "The numbers of {name} are missing: they took too long");
                }
            }
        }
        readings.push(Reading::new(
            "groundswell_gauges_missing",
            "Groups of numbers that could not be read",
            failed,
        ));
        shown(readings)
    }
}

type Labels = Vec<(&'static str, &'static str)>;

/// One family for each name, for a name must not be described twice.
fn shown(readings: Vec<Reading>) -> Registry {
    let mut registry = Registry::default();
    let mut by_name: BTreeMap<&str, Vec<Reading>> = BTreeMap::new();
    for reading in readings {
        by_name.entry(reading.name).or_default().push(reading);
    }
    for (name, readings) in by_name {
        let Some((help, only_grows)) = readings.first().map(|first| (first.help, first.only_grows)) else {
            continue;
        };
        let gauges = Family::<Labels, Gauge<f64, AtomicU64>>::default();
        let totals = Family::<Labels, Counter<f64, AtomicU64>>::default();
        for reading in readings {
            let labels = reading.label.into_iter().collect();
            if only_grows {
                totals.get_or_create(&labels).inc_by(reading.value);
            } else {
                gauges.get_or_create(&labels).set(reading.value);
            }
        }
        if only_grows { registry.register(name, help, totals) } else { registry.register(name, help, gauges) }
    }
    registry
}
