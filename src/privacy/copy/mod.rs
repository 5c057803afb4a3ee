//! Everything about somebody, as a file for each kind and a page to read.

mod pack;
pub mod routes;
mod views;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    personal::{Held, Holdings, Person},
    tenancy::OrgTx,
};

/// What is kept of somebody in one table.
pub(super) struct Part {
    pub held: Held,
    pub rows: Vec<Value>,
}

/// Everything that is kept of somebody, in words that begin with the contact.
pub(super) async fn everything(tx: &mut OrgTx, holdings: &Holdings, who: &Person) -> sqlx::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for held in holdings.all() {
        parts.push(Part { held: *held, rows: (held.rows)(tx, who).await? });
    }
    parts.sort_by_key(|part| part.held.table != "contacts");
    Ok(parts)
}

/// The name of somebody's file: their id, not their name, for names of files stay in logs.
fn file_name(id: Uuid) -> String {
    format!("everything-about-{id}.zip")
}
