//! The work of an erasure: everything about one person, in one transaction. A stop undoes it, and it begins again.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ErasureId, Line, queries};
use crate::{
    contacts,
    jobs::{AtWork, Failure, Job},
    personal::{Holdings, Person},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Erases somebody.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseContact {
    pub erasure: Uuid,
}

/// A file that holds them and is being read is waited for.
const MEANWHILE: Duration = Duration::from_secs(60);

impl Job for EraseContact {
    const KIND: &'static str = "contacts.erase";
    const TIME_LIMIT: Duration = Duration::from_secs(60 * 60);

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let id = ErasureId(self.erasure);
        let erased = erase(&app, &at_work, &scope, id).await;
        let Err(Failure::Again(error)) = &erased else { return erased };
        let (is_over, pause) = (at_work.attempt >= Self::ATTEMPTS, Self::pause(at_work.attempt));
        let next = app.clock.now() + TimeDelta::from_std(pause).unwrap_or_default();
        let mut tx = scope.enter().await?;
        queries::fail(&mut tx, id, &format!("{error:#}"), (!is_over).then_some(next)).await?;
        tx.commit().await?;
        if is_over { erased } else { Err(Failure::After(pause, format!("{error:#}"))) }
    }
}

async fn erase(app: &App, at_work: &AtWork, scope: &JobScope, id: ErasureId) -> Result<(), Failure> {
    let Some(holdings) = at_work.known::<Holdings>() else {
        return Err(Failure::Never("nobody said what is kept of a person".to_owned()));
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let Some(contact) = queries::begin(&mut tx, id, now).await? else { return Ok(()) };
    let who = contacts::personal::find(&mut tx, contact, now).await?;
    if contacts::personal::is_being_imported(&mut tx, &who).await? {
        return Err(Failure::NotYet(MEANWHILE));
    }
    let hashes = contacts::personal::hashes(&mut tx, &who).await?;
    let report = everything(&mut tx, &holdings, &who).await?;
    queries::finish(&mut tx, id, (&hashes, &report), now).await?;
    at_work.still_ours(tx.conn()).await?;
    let org = tx.org();
    tx.commit().await?;
    contacts::table::recount(app, org);
    Ok(())
}

/// Takes away whatever the catalogue knows of them, table by table.
async fn everything(tx: &mut OrgTx, holdings: &Holdings, who: &Person) -> sqlx::Result<Vec<Line>> {
    let mut report: Vec<Line> = holdings.all().iter().map(|held| Line::of(held, 0)).collect();
    for record in who.records() {
        for (held, line) in holdings.all().iter().zip(&mut report) {
            line.rows += (held.erase)(tx, &record).await?;
        }
    }
    Ok(report)
}

/// Erases somebody within the caller's transaction, for whoever makes up a past.
pub async fn erase_now(
    tx: &mut OrgTx,
    holdings: &Holdings,
    contact: Uuid,
    (by, now): (Option<Uuid>, chrono::DateTime<chrono::Utc>),
) -> sqlx::Result<ErasureId> {
    let id = ErasureId::new();
    queries::insert(tx, (id, contact), ("request", by), now).await?;
    queries::begin(tx, id, now).await?;
    let who = contacts::personal::find(tx, contact, now).await?;
    let hashes = contacts::personal::hashes(tx, &who).await?;
    let report = everything(tx, holdings, &who).await?;
    queries::finish(tx, id, (&hashes, &report), now).await?;
    Ok(id)
}
