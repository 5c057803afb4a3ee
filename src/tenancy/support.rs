//! What the platform's support looks at in an organization is in that organization's own log.

use axum::{extract::OriginalUri, http::request::Parts};

use super::{Member, Mode, OrgTx, queries};
use crate::{
    audit::{Actor, Entry},
    web::App,
};

/// The stream of an open page tells nothing by itself.
const SILENT: &str = "/live";

/// Keeps which page the support opened, before it is shown: one that cannot be kept is not shown.
pub(super) async fn note_look(app: &App, member: &Member, actor: &Actor, parts: &Parts) -> sqlx::Result<()> {
    // A router inside of another is given a path that is cut.
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    let path: String = uri.path().chars().take(100).collect();
    if member.access.support_grant.is_none() || !parts.method.is_safe() || path.ends_with(SILENT) {
        return Ok(());
    }
    let mut tx = OrgTx::enter(&app.db, member.org(), actor.clone(), Mode::Write).await?;
    if queries::looked_last_at(&mut tx, member.user.id, &path).await? {
        return Ok(());
    }
    let looked = Entry::new("support.looked").on("page", &path, &path);
    let looked = looked.because(member.access.support_reason.as_deref().unwrap_or_default());
    tx.record(looked, app.clock.now()).await?;
    tx.commit().await
}
