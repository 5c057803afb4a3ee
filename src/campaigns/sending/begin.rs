//! The beginning of a broadcast, at the moment that was chosen for it.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queries;
use crate::{
    campaigns::{
        self, Broadcast, BroadcastId, Status, broadcast,
        freeze::{self, CannotStart},
    },
    contacts::segments::{catalogue::Catalogue, refresh},
    designs::people,
    jobs::{AtWork, Failure, Job},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// A broadcast that comes later than this was planned for another world: a restored backup, a machine that
/// was off over the weekend. Somebody is asked first.
const STALE: TimeDelta = TimeDelta::hours(1);
/// How long a statement about everybody it goes to may take.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Begins a broadcast whose time has come. What was undone meanwhile is left alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Begin {
    pub broadcast: Uuid,
}

impl Job for Begin {
    const KIND: &'static str = "campaigns.begin";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let now = app.clock.now();
        let mut tx = scope.enter_patiently(PATIENCE).await?;
        let id = BroadcastId(self.broadcast);
        queries::lock(&mut tx, id).await?;
        let Some(found) = broadcast::find(&mut tx, id).await? else { return Ok(()) };
        let Some(begins) = found.begins_at.filter(|_| waits(&found)) else { return Ok(()) };
        if begins > now {
            // Put off since: the job that was ordered then does it.
            return Ok(());
        }
        if now - begins > STALE {
            let late = "It was to begin more than an hour ago, when nothing could be sent. Resume it if it is \
                        still wanted.";
            queries::hold(&mut tx, id, late, now).await?;
        } else {
            start(&mut tx, &found, &app, &at_work).await?;
        }
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn waits(broadcast: &Broadcast) -> bool {
    matches!(broadcast.status, Status::Scheduled | Status::Queued)
}

/// Freezes it and orders the sending, within the caller's transaction, which has locked it.
pub(super) async fn start(
    tx: &mut OrgTx,
    found: &Broadcast,
    app: &App,
    at_work: &AtWork,
) -> Result<(), Failure> {
    let now = app.clock.now();
    let catalogue = Catalogue::load(tx, at_work.known().unwrap_or_default(), now).await?;
    let lists = campaigns::queries::audience(tx, found.id).await?;
    if let Err(why) = refresh::freshen(tx, &lists, &catalogue).await? {
        queries::fail(tx, found.id, &why, now).await?;
        return Ok(());
    }
    let fields = people::fields(tx).await?;
    let frozen = freeze::freeze(tx, found, &fields, now).await;
    match frozen.map_err(|error| anyhow::anyhow!("{error:?}"))? {
        Ok(_) => {
            queries::set_out(tx, found.id, now).await?;
            super::order(tx, found.id).await?;
        }
        Err(CannotStart(why)) => queries::fail(tx, found.id, &why, now).await?,
    }
    Ok(())
}
