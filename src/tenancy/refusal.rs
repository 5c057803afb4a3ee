//! A refusal that helps: what is missing, and who can give it. Kept in the audit log (ASVS 16.3.2).

use super::{Member, Mode, OrgTx, Permission, permission::sentence_of, queries};
use crate::{
    audit::{Actor, Entry},
    web::{App, Error, error::Missing},
};

/// The answer to a member who may not do `P`. That somebody looks as another role is no attempt.
pub(super) async fn forbidden<P: Permission>(app: &App, member: &Member, actor: Actor) -> Error {
    let mut missing = Missing {
        permission: P::KEY,
        sentence: sentence_of(P::KEY),
        grantors: Vec::new(),
        viewing_as: member.viewing_as.clone(),
    };
    if missing.viewing_as.is_none() {
        match note::<P>(app, member, actor).await {
            Ok(grantors) => missing.grantors = grantors,
            // The answer is no either way, so a log that cannot be written does not change it.
            Err(error) => tracing::warn!(error = %error, "A denied attempt could not be kept: {error}"),
        }
    }
    Error::Forbidden(Box::new(missing))
}

/// Keeps that somebody tried what they may not, and gives the names of those who could let them.
async fn note<P: Permission>(app: &App, member: &Member, actor: Actor) -> sqlx::Result<Vec<String>> {
    let mut tx = OrgTx::enter(&app.db, member.org(), actor, Mode::Write).await?;
    let grantors = queries::grantors(&mut tx, P::KEY).await?;
    let denied = Entry::new("access.denied").on("permission", P::KEY, sentence_of(P::KEY)).denied();
    tx.record(denied, app.clock.now()).await?;
    tx.commit().await?;
    Ok(grantors)
}
