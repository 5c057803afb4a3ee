//! What happened before anybody looked: a log, and work in every state.

use std::time::Duration;

use chrono::TimeDelta;

use super::queries::{self, Finished};
use crate::{
    audit::{Actor, Entry},
    jobs::{self, Order, trial::Trial},
    tenancy::{JobScope, Mode, OrgId, Permission, Visit, VisitorScope, sentence_of},
    web::App,
};

/// Who makes the sample data.
pub(super) const SEED: &str = "groundswell seed";

/// What somebody did once, written down for them.
pub(super) struct Remember;
impl Visit for Remember {
    const MODE: Mode = Mode::Write;
}

/// That somebody tried what they may not.
pub(super) fn denied<P: Permission>() -> Entry {
    Entry::new("access.denied").on("permission", P::KEY, sentence_of(P::KEY)).denied()
}

/// Writes what was done into the log: how many hours ago, by whom, and what. The longest ago comes first.
pub(super) async fn write(app: &App, org: OrgId, deeds: Vec<(i64, Actor, Entry)>) -> sqlx::Result<()> {
    let now = app.clock.now();
    for (hours, actor, entry) in deeds {
        let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(actor);
        let mut tx = scope.enter().await?;
        tx.record(entry, now - TimeDelta::hours(hours)).await?;
        tx.commit().await?;
    }
    Ok(())
}

const FINISHED: &[Finished] = &[
    Finished { kind: "events.tell", status: "done", hours: 52, attempts: 1, last_error: "" },
    Finished { kind: "events.tell", status: "done", hours: 30, attempts: 2, last_error: "" },
    Finished { kind: "jobs.trial", status: "cancelled", hours: 21, attempts: 1, last_error: "" },
    Finished {
        kind: "jobs.trial",
        status: "failed",
        hours: 9,
        attempts: 5,
        last_error: "A sample of a job that was given up: the other side did not answer within 30 seconds.",
    },
];

/// Jobs that are over, and, where the trial job is known, one of each kind that is not: one at work for a
/// minute, one that fails and is tried again, one for tomorrow.
pub(super) async fn work(app: &App, org: OrgId) -> anyhow::Result<()> {
    let mut tx = JobScope::new(app.db.clone(), org, SEED).enter().await?;
    for finished in FINISHED {
        queries::finished(&mut tx, finished, app.clock.now()).await?;
    }
    if app.config.dev {
        let tomorrow = Order { after: Duration::from_secs(20 * 60 * 60), ..Order::default() };
        let trials = [
            (Trial::Steps(550), Order::default()),
            (Trial::Fail, Order::default()),
            (Trial::Succeed, tomorrow),
        ];
        for (trial, order) in trials {
            let org = tx.org();
            jobs::enqueue(tx.conn(), org, &trial, order)
                .await
                .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        }
    }
    tx.commit().await?;
    Ok(())
}
