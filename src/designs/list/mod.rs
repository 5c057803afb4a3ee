//! The list of designs: beginning, naming, copying one, and putting it away.

mod queries;
pub mod routes;
mod views;

use crate::tenancy::OrgTx;

/// Designs that are in use, the last changed first, for choosing one: id and name.
pub(super) async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let all = queries::all(tx, false, "%").await?;
    Ok(all.into_iter().map(|design| (design.id.to_string(), design.name)).collect())
}
