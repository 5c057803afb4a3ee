//! Starting a campaign and everything that can be done to it from then on.
//!
//! Always true: nothing is done twice, however often a button is pressed; what leaves is what was looked at
//! when somebody said yes; each of it stands in the audit log with who did it.
//!
//! - `launch`: the last question, starting now or at the time that was chosen
//! - `steps`: undoing, pausing, going on, calling off
//! - `doubts`: what becomes of messages that nobody knows about

mod doubts;
mod launch;
mod queries;
mod steps;
mod views;

use crate::{
    campaigns::{Broadcast, CampaignId, broadcast},
    tenancy::OrgTx,
    web::{OrNotFound, Result, Routes},
};

pub fn routes() -> Routes {
    Routes::workspace().merge(launch::routes()).merge(steps::routes()).merge(doubts::routes())
}

/// The campaign's broadcast, which nobody else decides about until the transaction ends.
async fn locked(tx: &mut OrgTx, id: CampaignId) -> Result<Broadcast> {
    queries::lock(tx, id).await?;
    broadcast::of_campaign(tx, id).await?.or_404()
}
