//! Who looks after the installation: members of the organization that it is, with a platform role.

mod queries;

use anyhow::Context;
use serde_json::json;

use crate::{
    accounts::{UserId, disabling},
    audit::Entry,
    jobs::INSTALLATION,
    tenancy::{JobScope, OrgId, OrgTx},
    web::App,
};

/// The key of the role of those who may do everything for the installation, of whom one must be left.
pub const ADMIN: &str = "platform_admin";
/// The key of the role of those who help the people in workspaces.
pub const SUPPORT: &str = "tech_support";

/// Gives a person a platform role, in place of the one that they may have. `by` is the command that does it.
pub async fn give(app: &App, email: &str, role: &str, by: &'static str) -> anyhow::Result<()> {
    let mut tx = JobScope::new(app.db.clone(), OrgId(INSTALLATION), by).enter().await?;
    let found = disabling::find(tx.conn(), email).await?;
    let (user, name) = found.with_context(|| format!("Nobody here has the address {email}"))?;
    let now = app.clock.now();
    queries::join(&mut tx, user, role, now).await?;
    let given = Entry::new("platform.role_given").on("user", user, &name);
    tx.record(given.after(json!({ "role": role })), now).await?;
    Ok(tx.commit().await?)
}

/// Whether nobody would be left who may do everything, were this person shut out. Others who ask the same
/// at the same time wait for the answer.
pub(super) async fn is_last_admin(tx: &mut OrgTx, user: UserId) -> sqlx::Result<bool> {
    Ok(queries::admins(tx).await?.as_slice() == [user])
}
