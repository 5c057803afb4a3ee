//! Ordering a change: what, to whom, and whether they are so many that it is asked first.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    AT_ONCE, ChangeId, KEPT, Kind, UNASKED, queries,
    queries::NewChange,
    work::{self, ForgetChange, RunChange},
};
use crate::{
    contacts::{
        lists,
        standing::{self, Fact},
        table::{self, ListQuery},
        tags,
    },
    jobs::{self, Order},
    tenancy::OrgTx,
};

/// Whom a change is about.
#[derive(Clone, Copy, Debug)]
pub enum Whom<'a> {
    These(&'a [Uuid]),
    /// Everybody in a view, whose filter is understood.
    All(&'a ListQuery),
}

/// What they get: as it is kept, and as people call it.
#[derive(Clone, Debug)]
pub struct Target {
    pub key: String,
    pub name: String,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// There is nobody to change.
    Nobody,
    /// It waits for a yes.
    Asked(ChangeId),
    Done(ChangeId),
}

/// What is typed or chosen as something that they can get. `Err` says what is wrong with it; `Ok(None)` that there is
/// no such thing.
pub async fn target(
    tx: &mut OrgTx,
    (kind, typed): (Kind, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Result<Option<Target>, String>> {
    let of = |key: String, name: String| Ok(Ok(Some(Target { key, name })));
    match kind {
        Kind::Tag => match tags::called_or_made(tx, typed, now).await? {
            Ok(tag) => of(tag.to_string(), tags::name(tx, tag).await?.unwrap_or_default()),
            Err(told) => Ok(Err(told)),
        },
        Kind::Untag => match tags::called(tx, typed).await? {
            Some(tag) => of(tag.to_string(), tags::name(tx, tag).await?.unwrap_or_default()),
            None => Ok(Err("There is no tag with that name. Nothing was changed.".to_owned())),
        },
        Kind::List | Kind::Unlist => {
            let Ok(list) = typed.parse() else { return Ok(Ok(None)) };
            let name = lists::name(tx, list).await?;
            Ok(Ok(name.map(|name| Target { key: list.to_string(), name })))
        }
        Kind::Stand(fact) => {
            let choices = fact.choices(&standing::members(tx).await?);
            let Some((key, name)) = choices.into_iter().find(|(key, _)| key == typed) else {
                return Ok(Err(
                    "Choose from the list: this is no longer in it. Nothing was changed.".to_owned()
                ));
            };
            let is_nobody = fact == Fact::Owner && key.is_empty();
            of(key, if is_nobody { String::new() } else { name })
        }
        Kind::Archive | Kind::Restore => of(String::new(), String::new()),
    }
}

/// Settles whom it is about and, where they are few, does it. By whom is a member.
pub async fn order(
    tx: &mut OrgTx,
    by: Uuid,
    (kind, target): (Kind, &Target),
    whom: Whom<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<Ordered> {
    let id = ChangeId::new();
    let new =
        NewChange { id, kind: kind.key(), target: &target.key, target_name: &target.name, by: Some(by), now };
    queries::insert(tx, &new).await?;
    match whom {
        Whom::These(whom) => queries::choose(tx, id, whom).await?,
        Whom::All(query) => table::choose(tx, query, id.0).await?,
    }
    let people = queries::count(tx, id).await?;
    if people == 0 {
        queries::forget(tx, id).await?;
        return Ok(Ordered::Nobody);
    }
    forget_later(tx, id).await?;
    if people > UNASKED {
        return Ok(Ordered::Asked(id));
    }
    start(tx, id, people, now).await?;
    Ok(Ordered::Done(id))
}

/// Begins it, or goes on with it: now where they are few, else in the background. `false` when it stands elsewhere.
pub(super) async fn start(
    tx: &mut OrgTx,
    id: ChangeId,
    people: i64,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    if !queries::step(tx, id, (&["asked", "failed", "stopped"], "running"), now).await? {
        return Ok(false);
    }
    if people <= AT_ONCE {
        work::now(tx, id, now).await?;
        return Ok(true);
    }
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &RunChange { change: id.0 }, order).await.map_err(anyhow::Error::from)?;
    Ok(true)
}

async fn forget_later(tx: &mut OrgTx, id: ChangeId) -> anyhow::Result<()> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), after: KEPT.to_std().unwrap_or_default(), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &ForgetChange { change: id.0 }, order)
        .await
        .map_err(anyhow::Error::from)?;
    Ok(())
}

/// Takes it back: now where they are few, else in the background. `false` when it stands elsewhere.
pub(super) async fn undo(
    tx: &mut OrgTx,
    id: ChangeId,
    changed: i64,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    if !queries::step(tx, id, (&["done", "stopped", "failed", "undo_failed"], "undoing"), now).await? {
        return Ok(false);
    }
    if changed <= AT_ONCE {
        work::now(tx, id, now).await?;
        return Ok(true);
    }
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &work::UndoChange { change: id.0 }, order)
        .await
        .map_err(anyhow::Error::from)?;
    Ok(true)
}
