//! What was done with a tag to many at once: kept for a day, so that it can be undone.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    TagId, queries,
    wearing::{self, By},
};
use crate::tenancy::OrgTx;

crate::id!(
    /// One thing done to many.
    StepId
);

/// How long it can be undone.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Puts a tag on many. Says what was done, and gives the step by which it is undone; `None` when there is no
/// such tag.
pub async fn put_on(
    tx: &mut OrgTx,
    tag: TagId,
    whom: &[Uuid],
    by: By<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(String, StepId)>> {
    let Some(came) = wearing::put_on(tx, tag, whom, by, now).await? else { return Ok(None) };
    let step = StepId::new();
    queries::forget_steps(tx, now - KEPT).await?;
    queries::keep_added(tx, step, tag, &came, now).await?;
    let name = queries::name(tx, tag).await?.unwrap_or_default();
    let others = if came.len() < whom.len() { " The others had it." } else { "" };
    Ok(Some((format!("Put the tag “{name}” on {}.{others}", people(came.len())), step)))
}

/// Takes a tag off many, in the same way.
pub async fn take_off(
    tx: &mut OrgTx,
    tag: TagId,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(String, StepId)>> {
    let step = StepId::new();
    queries::forget_steps(tx, now - KEPT).await?;
    // As they have it now: an undo gives it back with how they came by it.
    queries::keep_removed(tx, step, tag, whom, now).await?;
    let Some(went) = wearing::take_off(tx, tag, whom, now).await? else { return Ok(None) };
    let name = queries::name(tx, tag).await?.unwrap_or_default();
    let others = if went.len() < whom.len() { " The others did not have it." } else { "" };
    Ok(Some((format!("Took the tag “{name}” off {}.{others}", people(went.len())), step)))
}

/// Undoes a step once, and says so; `None` when there is nothing to undo any more.
pub async fn undo(tx: &mut OrgTx, step: StepId, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    let Some((tag, name, was_added)) = queries::step(tx, step).await? else { return Ok(None) };
    let whom = if was_added {
        queries::undo_added(tx, step).await?
    } else {
        queries::undo_removed(tx, step).await?
    };
    if was_added {
        wearing::tell_of_untagged(tx, (tag, &name), &whom).await?;
    } else {
        wearing::tell_of_tagged(tx, (tag, &name), &whom).await?;
    }
    queries::forget_step(tx, step).await?;
    wearing::note(tx, "tags.undone", (tag, &name), &whom, now).await?;
    Ok(Some(match was_added {
        true => format!("Undone: {} without the tag “{name}” again.", are(whom.len())),
        false => format!("Undone: {} back with the tag “{name}”.", are(whom.len())),
    }))
}

pub(super) fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn are(count: usize) -> String {
    if count == 1 { "1 person is".to_owned() } else { format!("{count} people are") }
}
