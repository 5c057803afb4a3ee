//! Erasing again whom a backup brought back.

use uuid::Uuid;

use super::{ask, queries};
use crate::{
    jobs::Failure,
    tenancy::{JobScope, OrgId},
    web::App,
};

/// The ids of everybody who was erased in an organization: they lead to nobody, and say after a backup was restored
/// who is to go again.
pub async fn log(app: &App, org: OrgId) -> sqlx::Result<Vec<Uuid>> {
    let scope = JobScope::new(app.db.clone(), org, "erasures.log");
    queries::everybody(&mut scope.enter().await?).await
}

/// Asks for everybody to be erased who is here and stands in the organization's own log, or among these. Gives how
/// many they are; the work is done by jobs.
pub async fn again(app: &App, org: OrgId, among: &[Uuid]) -> Result<usize, Failure> {
    let scope = JobScope::new(app.db.clone(), org, "erasures.reapply");
    let mut tx = scope.enter().await?;
    let back = queries::come_back(&mut tx, among).await?;
    for contact in &back {
        ask(&mut tx, *contact, ("backup", None), app.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(back.len())
}
