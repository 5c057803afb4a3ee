//! A broadcast as it starts: what it says and whom it is for are settled from here on.

mod queries;

use chrono::{DateTime, Utc};

use super::{Broadcast, letter::Organization};
use crate::{
    designs::{self, merge::MergeFields},
    tenancy::OrgTx,
    web,
};

/// Why a broadcast cannot start. The words are for whoever made it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CannotStart(pub String);

/// Whom it is for, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub people: i64,
    pub skipped: i64,
}

/// Settles what the broadcast says and whom it is for, and makes a row for each message. All of it or
/// nothing: it is one transaction, the caller's.
pub async fn freeze(
    tx: &mut OrgTx,
    broadcast: &Broadcast,
    fields: &MergeFields,
    now: DateTime<Utc>,
) -> web::Result<Result<Frozen, CannotStart>> {
    let cannot = |words: &str| Ok(Err(CannotStart(words.to_owned())));
    let Some(design) = broadcast.design else { return cannot("It has no content.") };
    let Some(frozen) = designs::freeze(tx, design, fields, now).await? else {
        return cannot("Its design is gone.");
    };
    if let Some(problem) = frozen.problems.iter().find(|problem| problem.is_error()) {
        return cannot(&format!("Its design has an error: {}", problem.what));
    }
    let Some(version) = frozen.version else { return cannot("Its design was not kept.") };
    let targets: Vec<String> = frozen.links.iter().map(|link| link.target.clone()).collect();
    queries::keep_links(tx, broadcast.id, &targets).await?;
    queries::keep_recipients(tx, broadcast).await?;
    queries::fill_outbox(tx, broadcast.id, now).await?;
    Ok(Ok(queries::mark_frozen(tx, broadcast.id, version, now).await?))
}

/// What its mail says of the organization.
pub async fn organization(tx: &mut OrgTx) -> sqlx::Result<Organization> {
    queries::organization(tx).await
}
