//! `/w/{org}/tasks/{task}/done` and the rest of what is done to a task: each takes another back.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    EditTasks, TaskId,
    around::Around,
    due::wall,
    form::Kept,
    happened::{TaskDone, TaskReopened},
    queries::{self, Which},
    task::Task,
};
use crate::{
    audit::Entry,
    events,
    tenancy::{OrgTx, Scope},
    web::{App, OrNotFound, Result, Routes, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .post("/tasks/{task}/done", done)
        .post("/tasks/{task}/reopen", reopen)
        .post("/tasks/{task}/delete", delete)
        .post("/tasks/{task}/restore", restore)
}

/// The task, which nobody else changes until the transaction ends.
async fn locked(tx: &mut OrgTx, id: TaskId) -> sqlx::Result<Option<Task>> {
    if !queries::lock(tx, id).await? {
        return Ok(None);
    }
    let which = Which { only: Some(id), at_most: 1, ..Which::default() };
    Ok(queries::find(tx, which).await?.pop())
}

/// Marks a task as done, and makes the next one where it repeats. `false` where it was done already.
pub async fn complete(
    tx: &mut OrgTx,
    id: TaskId,
    zone: &str,
    (by, now): (Option<Uuid>, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let Some(task) = locked(tx, id).await? else { return Ok(false) };
    if !queries::set_done(tx, id, Some((now, by)), now).await? {
        return Ok(false);
    }
    if let Some(next) = next(&task, zone, now) {
        queries::insert(tx, (TaskId::new(), Some(id)), &next, (by, now)).await?;
    }
    let kind = task.kind.key().to_owned();
    events::record(tx, &TaskDone { task: id.0, contact: task.contact_id, deal: task.deal_id, kind }).await?;
    tx.record(Entry::new("tasks.done").on("task", id, &task.title), now).await?;
    Ok(true)
}

/// The one after this.
fn next(task: &Task, zone: &str, now: DateTime<Utc>) -> Option<Kept> {
    let due = task.repeats.next(task.due()?, task.repeat_day?, wall(zone, now).date())?;
    Some(Kept {
        title: task.title.clone(),
        notes: task.notes.clone(),
        kind: task.kind,
        priority: task.priority,
        due: Some(due),
        remind_at: Some(due.remind_at(zone)),
        repeats: task.repeats,
        repeat_day: task.repeat_day,
        assignee: task.assignee_id,
        contact: task.contact_id,
        deal: task.deal_id,
    })
}

async fn done(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
    Query(around): Query<Around>,
) -> Result<Response> {
    let (member, now) = (&scope.member, app.clock.now());
    let mut tx = scope.enter().await?;
    let task = locked(&mut tx, id).await?.filter(|task| task.deleted_at.is_none()).or_404()?;
    let by = (Some(member.user.id.0), now);
    if complete(&mut tx, id, &member.access.time_zone, by).await? {
        tx.commit().await?;
        let undo = undo(&scope, id, "reopen", &around);
        flash::say_with_undo(&scope.session, &format!("Done: “{}”.", task.title), undo).await?;
    }
    Ok(Redirect::to(&around.page(&scope.member, &task)).into_response())
}

/// The address that takes it back.
fn undo(scope: &Scope<EditTasks>, id: TaskId, door: &str, around: &Around) -> String {
    scope.member.link(&format!("/tasks/{id}/{door}?{}", around.query())).trim_end_matches('?').to_owned()
}

async fn reopen(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
    Query(around): Query<Around>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let task = locked(&mut tx, id).await?.filter(|task| task.deleted_at.is_none()).or_404()?;
    if queries::set_done(&mut tx, id, None, now).await? {
        queries::take_back_next(&mut tx, id).await?;
        events::record(&mut tx, &TaskReopened { task: id.0, contact: task.contact_id }).await?;
        tx.record(Entry::new("tasks.reopened").on("task", id, &task.title), now).await?;
        tx.commit().await?;
        flash::say(&scope.session, &format!("“{}” is open again.", task.title)).await?;
    }
    Ok(Redirect::to(&around.page(&scope.member, &task)).into_response())
}

async fn delete(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
    Query(around): Query<Around>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let mut task = locked(&mut tx, id).await?.or_404()?;
    if queries::set_deleted(&mut tx, id, Some(now), now).await? {
        tx.record(Entry::new("tasks.deleted").on("task", id, &task.title), now).await?;
        tx.commit().await?;
        let undo = undo(&scope, id, "restore", &around);
        flash::say_with_undo(&scope.session, &format!("Deleted “{}”.", task.title), undo).await?;
    }
    task.deleted_at = Some(now);
    Ok(Redirect::to(&around.page(&scope.member, &task)).into_response())
}

async fn restore(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
    Query(around): Query<Around>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let mut task = locked(&mut tx, id).await?.or_404()?;
    if queries::set_deleted(&mut tx, id, None, now).await? {
        tx.record(Entry::new("tasks.restored").on("task", id, &task.title), now).await?;
        tx.commit().await?;
        flash::say(&scope.session, &format!("Brought “{}” back.", task.title)).await?;
    }
    task.deleted_at = None;
    Ok(Redirect::to(&around.page(&scope.member, &task)).into_response())
}
