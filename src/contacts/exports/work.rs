//! The work on a file: writing it piece by piece, and forgetting it when its time is over.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ExportId, KEPT, queries, sheet::Sheet};
use crate::{
    contacts::{
        fields,
        segments::Behaviours,
        table::{self, ListQuery},
    },
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// People of one piece, which is written in one transaction together with how far it is.
const BATCH: usize = 2_000;

/// Writes a file, from where the last attempt came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunExport {
    pub export: Uuid,
}

impl Job for RunExport {
    const KIND: &'static str = "contacts.export";
    const TIME_LIMIT: Duration = Duration::from_secs(6 * 60 * 60);

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let id = ExportId(self.export);
        let written = write(&app, &at_work, &scope, id).await;
        if let Err(Failure::Again(error)) = &written
            && at_work.attempt >= Self::ATTEMPTS
        {
            let mut tx = scope.enter().await?;
            queries::fail(&mut tx, id, &format!("{error:#}"), app.clock.now()).await?;
            tx.commit().await?;
        }
        written
    }
}

async fn write(app: &App, at_work: &AtWork, scope: &JobScope, id: ExportId) -> Result<(), Failure> {
    let behaviours = at_work.known::<Behaviours>().unwrap_or_default();
    while {
        let mut tx = scope.enter().await?;
        let is_more = piece(app, &mut tx, behaviours, id).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        is_more
    } {}
    Ok(())
}

/// Orders a file and writes it at once, for lists that are known to be short.
pub async fn write_now(
    app: &App,
    tx: &mut OrgTx,
    behaviours: Behaviours,
    (view, user): (&str, Uuid),
) -> Result<(), Failure> {
    let (id, query) = (ExportId::new(), ListQuery::of(view));
    let people = table::count(tx, &query).await?;
    queries::insert(tx, id, (view, false, people), (user, app.clock.now())).await?;
    while piece(app, tx, behaviours, id).await? {}
    Ok(())
}

/// The next piece. `false` when there is none, or the file is no longer wanted.
async fn piece(app: &App, tx: &mut OrgTx, behaviours: Behaviours, id: ExportId) -> Result<bool, Failure> {
    let Some(place) = queries::place(tx, id).await? else { return Ok(false) };
    let mut query = ListQuery::of(&place.view);
    query.understand(tx, behaviours, app.clock.now()).await?;
    let own = fields::in_use(tx).await?;
    let rows = table::sheet(tx, &query, (place.after.unwrap_or_default(), BATCH)).await?;
    let (count, last) = (rows.len(), rows.last().map(|row| row.person.id));
    let sheet = Sheet::new(own, place.has_view_columns.then_some(&query));
    let mut text =
        if place.pieces == 0 { crate::csv::MARK.to_owned() + &sheet.head() } else { String::new() };
    text.extend(rows.into_iter().map(|row| sheet.line(row)));
    queries::add_piece(tx, id, (place.pieces, text.as_bytes()), (count, last.or(place.after))).await?;
    if count == BATCH {
        return Ok(true);
    }
    let now = app.clock.now();
    queries::finish(tx, id, now, now + KEPT).await?;
    let order = Order { after: KEPT.to_std().unwrap_or_default(), ..Order::default() };
    let org = tx.org();
    jobs::enqueue(tx.conn(), org, &ForgetExport { export: id.0 }, order).await?;
    Ok(false)
}

/// Forgets what a file held.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetExport {
    pub export: Uuid,
}

impl Job for ForgetExport {
    const KIND: &'static str = "contacts.forget_export";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let mut tx = scope.enter().await?;
        queries::forget(&mut tx, ExportId(self.export)).await?;
        tx.commit().await?;
        Ok(())
    }
}
