//! Looking at a workspace as the holder of another role would: never more than one's own, and nothing
//! can be changed meanwhile.
//!
//! Kept in the session for one organization at a time, so that other workspaces stay as they are.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use uuid::Uuid;

use super::{Access, Mode, OrgId, OrgTx, queries};
use crate::{
    audit::Actor,
    web::{App, Error, Result},
};

const KEY: &str = "viewing_as";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Viewing {
    org: Uuid,
    slug: String,
    role: Uuid,
}

/// From the next request on, `session` sees the organization as the role does.
pub async fn begin(session: &Session, org: OrgId, slug: &str, role: Uuid) -> Result<()> {
    let viewing = Viewing { org: org.0, slug: slug.to_owned(), role };
    session.insert(KEY, viewing).await.map_err(anyhow::Error::from)?;
    Ok(())
}

/// Ends it, and gives the slug of the organization that was looked at.
pub async fn end(session: &Session) -> Result<Option<String>> {
    let viewing: Option<Viewing> = session.remove(KEY).await.map_err(anyhow::Error::from)?;
    Ok(viewing.map(|viewing| viewing.slug))
}

/// Takes from `access` what the role that is looked as has not, and gives the role's name. A role that is
/// gone meanwhile ends the view.
pub(super) async fn apply(app: &App, session: &Session, access: &mut Access) -> Result<Option<String>> {
    let viewing: Option<Viewing> = session.get(KEY).await.map_err(anyhow::Error::from)?;
    let Some(viewing) = viewing.filter(|viewing| viewing.org == access.org.0) else { return Ok(None) };
    let actor = Actor::machine("tenancy.viewing");
    let mut tx = OrgTx::enter(&app.db, access.org, actor, Mode::Read).await?;
    let Some(seen) = queries::role(&mut tx, viewing.role).await? else {
        end(session).await?;
        return Ok(None);
    };
    access.permissions.retain(|permission| seen.permissions.contains(permission));
    access.role_name.clone_from(&seen.name);
    Ok(Some(seen.name))
}

/// What whoever only looks is told when they try to change something.
pub(super) fn refusal(role: &str) -> Error {
    Error::OnlyLooking(role.to_owned())
}
