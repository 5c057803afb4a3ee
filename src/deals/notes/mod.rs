//! Notes: what somebody wants to remember about a deal. Everybody reads them, who wrote one changes it.

mod queries;
pub mod routes;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::DealId;
use crate::{audit::Entry, tenancy::OrgTx};

crate::id!(
    /// What somebody wrote about a deal.
    NoteId
);

#[derive(Clone, Debug)]
pub struct Note {
    pub id: NoteId,
    pub body: String,
    pub author_id: Uuid,
    pub author: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Note {
    pub fn was_changed(&self) -> bool {
        self.updated_at != self.created_at
    }
}

pub(super) async fn of_deal(tx: &mut OrgTx, deal: DealId) -> sqlx::Result<Vec<Note>> {
    queries::of_deal(tx, deal).await
}

/// Writes a note about a deal, which is known to be there.
pub async fn write(
    tx: &mut OrgTx,
    (deal, name): (DealId, &str),
    body: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    queries::insert(tx, deal, body, (by, now)).await?;
    tx.record(Entry::new("deals.noted").on("deal", deal, name), now).await
}
