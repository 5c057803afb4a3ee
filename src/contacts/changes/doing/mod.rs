//! A change done to some people, and taken back: each kind by what its own part of this domain does to one.

mod queries;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Change, Kind};
use crate::{
    contacts::{
        happened::ContactsTouched,
        lists::{self, ListId},
        record,
        standing::{self, Cause, Fact},
        tags::{
            TagId,
            wearing::{self, By},
        },
    },
    events,
    tenancy::OrgTx,
};

/// Does it to these, and keeps what each had. Gives whom it changed.
pub(super) async fn apply(
    tx: &mut OrgTx,
    change: &Change,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let changed = match change.kind() {
        Kind::Tag => {
            let by =
                By { source: change.by.as_deref().unwrap_or("Somebody who left"), person: change.created_by };
            let came = wearing::hang(tx, tag_of(change), whom, by, now).await?;
            queries::mark(tx, change.id, &came, now).await?;
            came
        }
        Kind::Untag => {
            queries::keep_tags(tx, change.id, (tag_of(change).0.0, whom), now).await?;
            wearing::unhang(tx, tag_of(change), whom).await?
        }
        Kind::List => {
            let source = change.by.as_deref().unwrap_or("Somebody who left");
            let came = lists::put_in(tx, list(change), whom, source, now).await?;
            queries::mark(tx, change.id, &came, now).await?;
            came
        }
        Kind::Unlist => {
            queries::keep_places(tx, change.id, (list(change), whom), now).await?;
            lists::take_out(tx, list(change), whom).await?
        }
        Kind::Stand(fact) => {
            let moved = standing::put_all(tx, whom, (fact, None, &change.target), cause(change, now)).await?;
            queries::keep_standing(tx, change.id, &moved, now).await?;
            moved.into_iter().map(|(id, _)| id).collect()
        }
        Kind::Archive => {
            let gone = record::archive_all(tx, whom, now).await?;
            queries::mark(tx, change.id, &gone, now).await?;
            gone
        }
        Kind::Restore => {
            queries::keep_archived(tx, change.id, whom, now).await?;
            record::restore_all(tx, whom, now).await?
        }
    };
    touch(tx, change, &changed).await?;
    Ok(changed)
}

/// Gives these back what they had, but for those whom somebody changed since. Gives who has it back.
pub(super) async fn give_back(
    tx: &mut OrgTx,
    change: &Change,
    whom: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let returned = match change.kind() {
        Kind::Tag => {
            let whom = queries::take_tags(tx, change.id, (tag_of(change).0.0, whom)).await?;
            wearing::tell_of_untagged(tx, tag_of(change), &whom).await?;
            whom
        }
        Kind::Untag => {
            let whom = queries::give_tags(tx, change.id, (tag_of(change).0.0, whom)).await?;
            wearing::tell_of_tagged(tx, tag_of(change), &whom).await?;
            whom
        }
        Kind::List => queries::take_places(tx, change.id, (list(change), whom)).await?,
        Kind::Unlist => queries::give_places(tx, change.id, (list(change), whom)).await?,
        Kind::Stand(fact) => stand_back(tx, change, (fact, whom), now).await?,
        Kind::Archive => queries::unarchive(tx, change.id, whom, now).await?,
        Kind::Restore => queries::archive_again(tx, change.id, whom, now).await?,
    };
    touch(tx, change, &returned).await?;
    Ok(returned)
}

/// Each to where they stood, those who stood in one place together.
async fn stand_back(
    tx: &mut OrgTx,
    change: &Change,
    (fact, whom): (Fact, &[Uuid]),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let mut stood: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for (id, was) in queries::stood(tx, change.id, whom).await? {
        stood.entry(was).or_default().push(id);
    }
    let mut returned = Vec::new();
    for (was, whom) in stood {
        let only = (fact, Some(change.target.as_str()), was.as_str());
        let moved = standing::put_all(tx, &whom, only, cause(change, now)).await?;
        returned.extend(moved.into_iter().map(|(id, _)| id));
    }
    Ok(returned)
}

fn cause(change: &Change, now: DateTime<Utc>) -> Cause<'static> {
    Cause { what: "staff", by: change.created_by, at: now }
}

fn tag_of(change: &Change) -> (TagId, &str) {
    (TagId(change.target.parse().unwrap_or_default()), &change.target_name)
}

fn list(change: &Change) -> ListId {
    ListId(change.target.parse().unwrap_or_default())
}

/// What rules ask for that this changes, where nothing else tells them.
fn touched(change: &Change) -> Option<String> {
    match change.kind() {
        Kind::List | Kind::Unlist => Some(format!("list:{}", change.target)),
        Kind::Archive | Kind::Restore => Some("*".to_owned()),
        Kind::Tag | Kind::Untag | Kind::Stand(_) => None,
    }
}

/// Of a few, segments hear one by one; of many, once at the end.
async fn touch(tx: &mut OrgTx, change: &Change, whom: &[Uuid]) -> sqlx::Result<()> {
    let Some(what) = touched(change).filter(|_| change.people <= super::AT_ONCE) else { return Ok(()) };
    if let Some(touched) = ContactsTouched::new(&what, whom) {
        events::record(tx, &touched).await?;
    }
    Ok(())
}

/// The end of what was done to many.
pub(super) async fn touch_everybody(tx: &mut OrgTx, change: &Change) -> sqlx::Result<()> {
    if let Some(what) = touched(change).filter(|_| change.people > super::AT_ONCE) {
        events::record(tx, &ContactsTouched::everybody(&what)).await?;
    }
    Ok(())
}
