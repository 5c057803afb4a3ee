//! Messages of which nobody knows whether they arrived: a person decides, and no machine.

mod queries;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::tenancy::OrgTx;

/// What somebody made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They have probably arrived.
    TreatAsSent,
    /// Better twice than not at all.
    SendAgain,
}

/// Settles all of a source, and says how many they were. Doing it twice does nothing.
pub async fn settle(
    tx: &mut OrgTx,
    source: Uuid,
    decision: Decision,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    match decision {
        Decision::TreatAsSent => queries::treat_as_sent(tx, source, now).await,
        Decision::SendAgain => queries::send_again(tx, source, now).await,
    }
}
