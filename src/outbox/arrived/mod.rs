//! What is heard later of a message whose fate was not known.

mod queries;

use uuid::Uuid;

use crate::tenancy::OrgTx;

/// Something came back of this message, so it did leave: where that was unknown, it is known now. `false` where
/// nothing was unknown.
pub async fn did_leave(tx: &mut OrgTx, source: Uuid, subject: Uuid) -> sqlx::Result<bool> {
    queries::settle(tx, source, subject).await
}
