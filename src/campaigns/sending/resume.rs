//! Going on after all: somebody may resume a broadcast while its last slice, which saw that it was paused, comes
//! to its end.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
pub async fn resume(tx: &mut OrgTx, id: BroadcastId) -> Result<(), Failure> {
    if !super::order(tx, id).await? {
        let (org, key) = (tx.org(), id.to_string());
        let soon = Order { key: Some(&key), after: SOON, ..Order::default() };
        jobs::enqueue(tx.conn(), org, &Resume { broadcast: id.0 }, soon).await?;
    }
    Ok(())
}

/// Sees to it that a broadcast that is being sent has somebody who sends it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Resume {
    pub broadcast: Uuid,
}

impl Job for Resume {
    const KIND: &'static str = "campaigns.resume";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let mut tx = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND).enter().await?;
        let found = broadcast::find(&mut tx, BroadcastId(self.broadcast)).await?;
        if let Some(found) = found.filter(|found| found.status == Status::Sending) {
            super::order(&mut tx, found.id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
