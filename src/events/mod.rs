//! What happened in an organization, as facts: written with what made them true, read by whoever cares.
//!
//! Owns `events`, `event_positions` and `activity_daily`. A domain records what happened in the
//! transaction in which it happens ([`record`]); others hear of it through a [`Listener`], which a job
//! calls from the log. Always true: an event is never changed; a listener gets every event of an
//! organization at least once and in the order in which they were committed, and what it writes stands
//! or falls together with its place in the log; a listener that fails is tried again from there, and
//! holds up neither the others nor another organization.
//!
//! - [`event`]: what an event is
//! - [`fact`]: several events, written at once
//! - [`listener`]: who hears of it, and the job that tells them
//! - [`personal`]: what the log holds of a person
//! - [`months`]: a table for each month, made ahead and dropped in time
//! - [`timeline`]: what happened to somebody, in words
//! - [`activity`]: how much happened on which day

pub mod activity;
pub mod event;
pub mod fact;
pub mod listener;
pub mod months;
pub mod personal;
mod queries;
pub mod timeline;

pub use event::{Event, Recorded};
pub use fact::Fact;
pub use listener::{Hear, Listener, Listeners};

use crate::{
    jobs::{self, Failure, Order},
    tenancy::OrgTx,
};
use listener::Tell;

/// Writes down what happened, now by the database's clock, and sees to it that the listeners are told.
pub async fn record<E: Event>(tx: &mut OrgTx, event: &E) -> sqlx::Result<()> {
    let payload = serde_json::to_value(event).map_err(|error| sqlx::Error::Encode(error.into()))?;
    queries::insert(tx, (E::KIND, event.contact()), &payload).await?;
    tell(tx).await
}

/// The same for several at once, whatever they are.
pub async fn record_all(tx: &mut OrgTx, facts: &[Fact]) -> sqlx::Result<()> {
    if facts.is_empty() {
        return Ok(());
    }
    queries::insert_all(tx, facts).await?;
    tell(tx).await
}

/// Sees to it that the listeners are told.
async fn tell(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    let order = Order { key: Some("tell"), ..Order::default() };
    match jobs::enqueue(tx.conn(), org, &Tell {}, order).await {
        Ok(_) => Ok(()),
        Err(Failure::Again(error)) => {
            Err(error.downcast().unwrap_or_else(|error| sqlx::Error::Encode(error.into())))
        }
        Err(error) => Err(sqlx::Error::Encode(error.into())),
    }
}
