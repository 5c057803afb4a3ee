//! Going on after all: somebody may resume a broadcast while its last slice, which saw that it was paused, comes
//! to its end.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Go;
use crate::{
    campaigns::{BroadcastId, Status, broadcast},
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Longer than a slice takes from its last look to its end.
const SOON: Duration = Duration::from_secs(5);

/// Orders that a broadcast goes on, within the caller's transaction. One that goes on already is not ordered
/// twice, but looked at again soon.
pub async fn go_on(tx: &mut OrgTx, id: BroadcastId) -> Result<(), Failure> {
    if !order(tx, id).await? {
        let (org, key) = (tx.org(), id.to_string());
        let soon = Order { key: Some(&key), after: SOON, ..Order::default() };
        jobs::enqueue(tx.conn(), org, &Again { broadcast: id.0 }, soon).await?;
    }
    Ok(())
}

/// `false` when one waits or runs.
async fn order(tx: &mut OrgTx, id: BroadcastId) -> Result<bool, Failure> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), ..Order::default() };
    Ok(jobs::enqueue(tx.conn(), org, &Go { broadcast: id.0 }, order).await?.is_some())
}

/// Sees to it that a broadcast that is being sent has somebody who sends it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Again {
    pub broadcast: Uuid,
}

impl Job for Again {
    const KIND: &'static str = "campaigns.again";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let mut tx = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND).enter().await?;
        let found = broadcast::find(&mut tx, BroadcastId(self.broadcast)).await?;
        if let Some(found) = found.filter(|found| found.status == Status::Sending) {
            order(&mut tx, found.id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
