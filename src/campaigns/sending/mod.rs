//! Sending a broadcast: beginning it, going on with it, coming to its end.
//!
//! One process at a time goes on with a broadcast, for as long as its job is its own, a slice of time at a
//! turn so that others' broadcasts come to theirs. Nothing is kept in memory that matters: whatever dies, the
//! next slice finds all of it in the ledger ([`crate::outbox`]).
//!
//! - [`begin`]: from the moment that was chosen to the first message
//! - [`resume`]: going on, whatever its last slice saw
//! - [`plan`]: all that a slice needs to know
//! - [`mod@slice`]: claim, write, hand over, settle
//! - [`postman`]: one message at a time, over one connection
//! - [`pace`]: no faster than was asked for

pub mod begin;
mod pace;
mod plan;
mod postman;
mod queries;
pub mod resume;
mod slice;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use begin::Begin;
pub use resume::Resume;

use super::BroadcastId;
use crate::{
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Goes on with a broadcast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Go {
    pub broadcast: Uuid,
}

impl Job for Go {
    const KIND: &'static str = "campaigns.send";
    const ATTEMPTS: i32 = 50;
    /// A slice is short; a server may take its time over the last message of it.
    const TIME_LIMIT: Duration = Duration::from_secs(900);

    fn pause(attempts: i32) -> Duration {
        Duration::from_secs(u64::try_from(attempts.clamp(1, 20)).unwrap_or(1) * 15)
    }

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        slice::run(app, scope, at_work, BroadcastId(self.broadcast)).await
    }
}

/// Orders that a broadcast goes on, within the caller's transaction; `false` when that is ordered already, or
/// being done.
async fn order(tx: &mut OrgTx, id: BroadcastId) -> Result<bool, Failure> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), ..Order::default() };
    Ok(jobs::enqueue(tx.conn(), org, &Go { broadcast: id.0 }, order).await?.is_some())
}
