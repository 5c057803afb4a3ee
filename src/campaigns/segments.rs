//! What segments need to know of campaigns: what people do with mail, and which campaigns a list is used by.

use super::{
    CampaignId, ViewCampaigns,
    bounces::happened::{EmailBounced, EmailComplained},
    queries,
    tracking::happened::{EmailClicked, EmailOpened},
    visitors::EmailUnsubscribed,
};
use crate::{
    contacts::{
        segments::Behaviour,
        uses::{Finder, Use},
    },
    events::Event,
    tenancy::{OrgTx, Permission},
};

/// What people do with mail, as a line of a rule names it.
pub const BEHAVIOURS: &[Behaviour] = &[
    behaviour(EmailOpened::KIND, "Opened a mail"),
    behaviour(EmailClicked::KIND, "Followed a link in a mail"),
    behaviour(EmailBounced::KIND, "Had a mail come back"),
    behaviour(EmailComplained::KIND, "Called a mail spam"),
    behaviour(EmailUnsubscribed::KIND, "Unsubscribed by a link in a mail"),
];

const fn behaviour(kind: &'static str, words: &'static str) -> Behaviour {
    Behaviour { kind, words, of: Some(("broadcast", |tx| Box::pin(queries::begun(tx)))) }
}

/// The campaigns that still are to go to a list: those that have begun have their people.
pub const FINDER: Finder = Finder { find: |tx, list| Box::pin(waiting_for(tx, list)) };

async fn waiting_for(tx: &mut OrgTx, list: &str) -> sqlx::Result<Vec<Use>> {
    let named = match list.parse() {
        Ok(list) => queries::waiting_for(tx, list).await?,
        Err(_) => Vec::new(),
    };
    let one = |(id, name): (CampaignId, String)| Use {
        what: "Campaign",
        name,
        path: format!("/campaigns/{id}"),
        needs: ViewCampaigns::KEY,
    };
    Ok(named.into_iter().map(one).collect())
}
