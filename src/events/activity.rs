//! How much happened on which day: the first to listen, and what consoles show of a workspace's life.

use super::{Listener, Recorded, queries};
use crate::{tenancy::OrgTx, web::App};

pub const LISTENER: Listener =
    Listener { name: "activity", hear: |tx, app, event| Box::pin(hear(tx, app, event)) };

async fn hear(tx: &mut OrgTx, _: &App, event: &Recorded) -> anyhow::Result<()> {
    if !event.is_bot {
        queries::count(tx, event).await?;
    }
    Ok(())
}
