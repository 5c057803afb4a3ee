//! The work on a change: so many people in a transaction, in the request or in the background; there, and back.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Change, ChangeId, KEPT, doing, queries};
use crate::{
    audit::Entry,
    contacts::table,
    jobs::{AtWork, Failure, Job},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// People of one transaction.
const SLICE: i64 = 1_000;
/// Many take long, and each transaction of it is short.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// Changes those who are left, from where the last attempt came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunChange {
    pub change: Uuid,
}

impl Job for RunChange {
    const KIND: &'static str = "contacts.change";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        go(&app, &at_work, &scope, (ChangeId(self.change), Self::ATTEMPTS)).await
    }
}

/// Takes a change back, in the same way.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoChange {
    pub change: Uuid,
}

impl Job for UndoChange {
    const KIND: &'static str = "contacts.undo_change";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        go(&app, &at_work, &scope, (ChangeId(self.change), Self::ATTEMPTS)).await
    }
}

async fn go(
    app: &App,
    at_work: &AtWork,
    scope: &JobScope,
    (id, attempts): (ChangeId, i32),
) -> Result<(), Failure> {
    let done = slices(app, at_work, scope, id).await;
    if let Err(Failure::Again(error)) = &done
        && at_work.attempt >= attempts
    {
        let mut tx = scope.enter().await?;
        queries::fail(&mut tx, id, &format!("{error:#}"), app.clock.now()).await?;
        tx.commit().await?;
    }
    done
}

async fn slices(app: &App, at_work: &AtWork, scope: &JobScope, id: ChangeId) -> Result<(), Failure> {
    while {
        let mut tx = scope.enter().await?;
        let is_more = slice(&mut tx, id, app.clock.now()).await?;
        at_work.still_ours(tx.conn()).await?;
        let change = queries::find(&mut tx, id).await?;
        tx.commit().await?;
        table::recount(app, at_work.org);
        if let Some(change) = change {
            at_work.progress(change.percent(), Some(100)).await?;
        }
        is_more
    } {}
    Ok(())
}

/// All of them in this transaction, where they are few.
pub(super) async fn now(tx: &mut OrgTx, id: ChangeId, now: DateTime<Utc>) -> sqlx::Result<()> {
    while slice(tx, id, now).await? {}
    Ok(())
}

/// The next of them, there or back. `false` when there is nobody left, or it is no longer wanted.
async fn slice(tx: &mut OrgTx, id: ChangeId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    if let Some(change) = queries::take(tx, id, "running").await? {
        return forth(tx, &change, now).await;
    }
    match queries::take(tx, id, "undoing").await? {
        Some(change) => back(tx, &change, now).await,
        None => Ok(false),
    }
}

async fn forth(tx: &mut OrgTx, change: &Change, now: DateTime<Utc>) -> sqlx::Result<bool> {
    if let Some(whom) = queries::piece(tx, change.id, change.piece).await? {
        let changed = doing::apply(tx, change, &whom, now).await?;
        queries::advance(tx, change.id, (whom.len(), changed.len())).await?;
        return Ok(true);
    }
    queries::step(tx, change.id, (&["running"], "done"), now).await?;
    doing::touch_everybody(tx, change).await?;
    note(tx, change.id, "changes.made", now).await?;
    Ok(false)
}

async fn back(tx: &mut OrgTx, change: &Change, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let after = change.after_contact.unwrap_or_default();
    let whom = queries::changed(tx, change.id, (after, SLICE)).await?;
    let returned = doing::give_back(tx, change, &whom, now).await?;
    let kept = whom.len().saturating_sub(returned.len());
    queries::go_back(tx, change.id, whom.last().copied(), (returned.len(), kept)).await?;
    if !whom.is_empty() {
        return Ok(true);
    }
    queries::step(tx, change.id, (&["undoing"], "undone"), now).await?;
    doing::touch_everybody(tx, change).await?;
    note(tx, change.id, "changes.undone", now).await?;
    Ok(false)
}

/// One line in the log, however many they are.
async fn note(tx: &mut OrgTx, id: ChangeId, action: &'static str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let Some(change) = queries::find(tx, id).await? else { return Ok(()) };
    let after = match action {
        "changes.undone" => json!({ "returned": change.returned, "kept": change.kept }),
        _ => {
            json!({ "kind": change.kind, "to": change.target_name, "people": change.people, "changed": change.changed })
        }
    };
    tx.record(Entry::new(action).on("change", id, &change.title()).after(after), now).await
}

/// Forgets whom a change was about, a day after it came to rest.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetChange {
    pub change: Uuid,
}

impl Job for ForgetChange {
    const KIND: &'static str = "contacts.forget_change";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let id = ChangeId(self.change);
        let mut tx = scope.enter().await?;
        let Some(change) = queries::find(&mut tx, id).await? else { return Ok(()) };
        if let Some(wait) = rest(&change, app.clock.now()) {
            return Err(Failure::NotYet(wait));
        }
        queries::forget(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// How long it is still wanted; nothing when its time is over.
fn rest(change: &Change, now: DateTime<Utc>) -> Option<Duration> {
    if change.is_moving() {
        return Some(Duration::from_secs(60 * 60));
    }
    let left = change.finished_at.unwrap_or(change.created_at) + KEPT - now;
    (left > TimeDelta::zero()).then(|| left.to_std().unwrap_or_default())
}
