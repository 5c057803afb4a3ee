//! How an organization looks to those it writes to: a name, colours, a logo, an address for answers.
//!
//! A client without a brand of its own looks like its agency.

pub mod form;
mod queries;
pub mod routes;
mod views;

use crate::{
    tenancy::{Access, JobScope, OrgTx},
    web::{App, Result},
};

/// The name that people outside know the organization by: its own, its agency's, or the workspace's.
pub async fn name(app: &App, tx: &mut OrgTx, access: &Access) -> Result<String> {
    if let Some(name) = queries::name(tx).await? {
        return Ok(name);
    }
    if let Some(agency) = access.agency_id {
        let mut tx = JobScope::new(app.db.clone(), agency, "brand.look_up").enter().await?;
        if let Some(name) = queries::name(&mut tx).await? {
            return Ok(name);
        }
    }
    Ok(access.name.clone())
}
