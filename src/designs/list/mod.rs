//! The list of designs: beginning, naming, copying one, and putting it away.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};

use super::{DesignId, document::Document};
use crate::{contacts::uses::Use, tenancy::OrgTx};

/// Begins a design with this document, without a line in the log: for whoever writes that themselves.
pub async fn begin(
    tx: &mut OrgTx,
    name: &str,
    document: &Document,
    now: DateTime<Utc>,
) -> sqlx::Result<DesignId> {
    queries::add(tx, name, document, now).await.map(DesignId)
}

/// Designs that are in use, the last changed first, for choosing one: id and name.
pub(super) async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let all = queries::all(tx, false, "%").await?;
    Ok(all.into_iter().map(|design| (design.id.to_string(), design.name)).collect())
}

/// Where a field of contacts is named.
pub(super) async fn naming(tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<Use>> {
    let named = queries::naming(tx, key).await?.into_iter();
    let one =
        |(id, name)| Use { what: "Design", name, path: format!("/designs/{id}"), needs: "designs.view" };
    Ok(named.map(one).collect())
}
