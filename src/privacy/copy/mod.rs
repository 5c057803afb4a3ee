//! Everything about somebody, as a file for each kind and a page to read.

mod pack;
pub mod routes;
mod views;

use std::collections::HashSet;

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
        let mut rows = Vec::new();
        let mut seen = HashSet::new();
        for record in who.records() {
            // What is found by words is found for each record.
            rows.extend(
                (held.rows)(tx, &record).await?.into_iter().filter(|row| seen.insert(row.to_string())),
            );
        }
        parts.push(Part { held: *held, rows });
    }
    parts.sort_by_key(|part| part.held.table != "contacts");
    Ok(parts)
}

/// The name of somebody's file: their id, not their name, for names of files stay in logs.
fn file_name(id: Uuid) -> String {
    format!("everything-about-{id}.zip")
}
