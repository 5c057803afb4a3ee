//! Who hears of what happened, and the job that tells them.

use std::{pin::Pin, sync::Arc, time::Duration};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{Recorded, queries};
use crate::{
    jobs::{AtWork, Failure, Job},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Events that are told in one transaction.
const BATCH: i64 = 500;
/// How long a transaction is open, as a rule.
const SETTLES: Duration = Duration::from_millis(500);

type Hearing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;

/// How a listener hears what happened.
#[derive(Clone, Copy)]
pub enum Hear {
    /// One event after the other.
    Each(for<'a> fn(&'a mut OrgTx, (&'a App, &'a AtWork), &'a Recorded) -> Hearing<'a>),
    /// Several at once, in their order.
    Together(for<'a> fn(&'a mut OrgTx, (&'a App, &'a AtWork), &'a [Recorded]) -> Hearing<'a>),
}

impl Hear {
    async fn all(self, tx: &mut OrgTx, known: (&App, &AtWork), unheard: &[Recorded]) -> anyhow::Result<()> {
        match self {
            Self::Together(hear) => hear(tx, known, unheard).await.context("hearing of several events"),
            Self::Each(hear) => {
                for event in unheard {
                    let what = || format!("hearing of the event {} ({})", event.id, event.kind);
                    hear(tx, known, event).await.with_context(what)?;
                }
                Ok(())
            }
        }
    }
}

/// A domain's ear: a name under which its place in the log is kept, and what it does with events.
///
/// What it writes, it writes through the transaction it is given: that is what makes it happen once.
#[derive(Clone, Copy)]
pub struct Listener {
    /// As stored; other than the function's name it never changes.
    pub name: &'static str,
    pub hear: Hear,
}

/// Every listener of this program.
#[derive(Clone, Default)]
pub struct Listeners(Arc<Vec<Listener>>);

impl Listeners {
    pub fn new(all: Vec<Listener>) -> Self {
        Self(Arc::new(all))
    }
}

/// Tells the listeners what happened in one organization since they last heard.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Tell {}

impl Job for Tell {
    const KIND: &'static str = "events.tell";
    const ATTEMPTS: i32 = 20;
    /// What happens while others are told of something earlier is told by the next one.
    const KEY_WAITS_ONLY: bool = true;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let listeners: Listeners = at_work.known().unwrap_or_default();
        let (mut failed, mut is_waiting) = (None, false);
        for listener in listeners.0.iter() {
            match tell(&app, &at_work, listener).await {
                Ok(waits) => is_waiting |= waits,
                Err(Failure::Lost) => return Err(Failure::Lost),
                // With its causes: the worker tells from them whether another attempt is of any use.
                Err(Failure::Again(error)) => failed = Some(Failure::Again(error.context(listener.name))),
                Err(error) => failed = Some(Failure::Again(anyhow::anyhow!("{}: {error}", listener.name))),
            }
        }
        match failed {
            Some(failed) => Err(failed),
            None if is_waiting => Err(Failure::NotYet(SETTLES)),
            None => Ok(()),
        }
    }
}

/// Tells one listener all that it has not heard, a batch at a time. Whether something is left that cannot
/// be told yet, because an older transaction is still open.
async fn tell(app: &App, at_work: &AtWork, listener: &Listener) -> Result<bool, Failure> {
    loop {
        let mut tx = JobScope::new(app.db.clone(), at_work.org.into(), Tell::KIND).enter().await?;
        let now = app.clock.now();
        let place = queries::place(&mut tx, listener.name, now).await?;
        let unheard = queries::unheard(&mut tx, &place, BATCH).await?;
        let Some(last) = unheard.last() else { return Ok(queries::is_more(&mut tx, &place).await?) };
        listener.hear.all(&mut tx, (app, at_work), &unheard).await.map_err(Failure::Again)?;
        let heard = i64::try_from(unheard.len()).unwrap_or(BATCH);
        queries::move_on(&mut tx, listener.name, last, heard, now).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
    }
}
