//! What segments need to know of campaigns: what people do with mail, and which campaigns a list is used by.

use std::pin::Pin;

use uuid::Uuid;

use super::{
    Status,
    bounces::happened::{EmailBounced, EmailComplained},
    queries,
    tracking::happened::{EmailClicked, EmailOpened},
    visitors::EmailUnsubscribed,
};
use crate::{
    contacts::segments::{Behaviour, uses::Use},
    events::Event,
    tenancy::OrgTx,
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

/// The campaigns whose audience names a list. Live are those that have not begun: the others have their people.
pub fn uses(tx: &mut OrgTx, list: Uuid) -> Pin<Box<dyn Future<Output = sqlx::Result<Vec<Use>>> + Send + '_>> {
    Box::pin(async move {
        let used = queries::using(tx, list).await?;
        let told = |(id, name, status): (_, String, Status)| Use {
            words: format!("Campaign: {name}"),
            path: format!("/campaigns/{id}"),
            is_live: matches!(status, Status::Draft | Status::Scheduled | Status::Queued),
        };
        Ok(used.into_iter().map(told).collect())
    })
}
