//! How much happened on which day: the first to listen, and what consoles show of a workspace's life.

use std::collections::BTreeMap;

use super::{Hear, Listener, Recorded, queries};
use crate::tenancy::OrgTx;

pub const LISTENER: Listener =
    Listener { name: "activity", hear: Hear::Together(|tx, _, events| Box::pin(hear(tx, events))) };

async fn hear(tx: &mut OrgTx, events: &[Recorded]) -> anyhow::Result<()> {
    let mut counts = BTreeMap::new();
    for event in events.iter().filter(|event| !event.is_bot) {
        *counts.entry((event.occurred_at.date_naive(), event.kind.as_str())).or_insert(0) += 1;
    }
    queries::count(tx, &counts).await?;
    Ok(())
}
