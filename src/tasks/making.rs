//! A new task, and a changed one: `/w/{org}/tasks/new`, `/w/{org}/tasks/{task}/edit`.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde_json::json;
use uuid::Uuid;

use super::{
    EditTasks, TaskId,
    around::Around,
    due::Repeats,
    form::{Kept, TaskForm},
    queries::{self, Which},
    task::{Kind, Priority, Task},
};
use crate::{
    accounts::{User, UserId},
    audit::Entry,
    deals,
    notices::{self, Said},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, Shell, View, flash},
};

pub use super::form::Kept as NewTask;

pub const GIVEN: notices::Kind = notices::Kind { key: "tasks.given", words: "Somebody gives you a task" };

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/tasks/new", new)
        .post("/tasks", create)
        .get("/tasks/{task}/edit", edit)
        .post("/tasks/{task}", update)
}

/// Makes a task of this organization's; its people, contact and deal are known to be.
pub async fn make(
    tx: &mut OrgTx,
    new: &NewTask,
    by: Option<Uuid>,
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<TaskId> {
    let id = TaskId::new();
    queries::insert(tx, (id, None), new, (by, now)).await?;
    tx.record(Entry::new("tasks.added").on("task", id, &new.title).after(shown(new)), now).await?;
    Ok(id)
}

/// What the log says of it.
fn shown(kept: &Kept) -> serde_json::Value {
    json!({ "title": kept.title, "due": kept.due.map(|due| due.on), "repeats": kept.repeats.key(), "assignee": kept.assignee })
}

/// Tells who has the task now, unless they gave it to themselves.
async fn tell_assignee(tx: &mut OrgTx, app: &App, (id, kept): (TaskId, &Kept), by: &User) -> Result<()> {
    let Some(to) = kept.assignee.map(UserId).filter(|to| *to != by.id) else { return Ok(()) };
    let title = format!("{} gave you the task “{}”", by.name, kept.title);
    notices::tell(tx, app, GIVEN, &Said { to, title, path: format!("/tasks/{id}") }).await
}

/// Who can have a task: the members, and whoever is here through their agency.
async fn members(tx: &mut OrgTx, scope: &Scope<EditTasks>) -> sqlx::Result<Vec<(String, String)>> {
    let (mut all, me) = (deals::owners(tx).await?, &scope.member.user);
    if all.iter().all(|(id, _)| *id != me.id.to_string()) {
        all.push((me.id.to_string(), me.name.clone()));
    }
    Ok(all)
}

async fn new(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Query(mut form): Query<TaskForm>,
) -> Result<Response> {
    form.assignee = scope.member.user.id.to_string();
    page(&app, &scope, None, (form, FieldErrors::default())).await
}

async fn edit(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
) -> Result<Response> {
    let task = of(&mut scope.enter().await?, id).await?;
    let form = TaskForm::of(&task);
    page(&app, &scope, Some(&task), (form, FieldErrors::default())).await
}

/// The task, unless it is deleted.
async fn of(tx: &mut OrgTx, id: TaskId) -> Result<Task> {
    let which = Which { only: Some(id), at_most: 1, ..Which::default() };
    queries::find(tx, which).await?.pop().filter(|task| task.deleted_at.is_none()).or_404()
}

#[derive(Template)]
#[template(path = "tasks/form.html")]
struct Page {
    shell: Shell,
    tasks: String,
    /// The task that is changed: its address and title.
    changed: Option<(String, String)>,
    members: Vec<(String, String)>,
    deal: Option<String>,
    zone: String,
    form: TaskForm,
    errors: FieldErrors,
}

impl Page {
    fn people(&self) -> Vec<(String, String)> {
        let nobody = (String::new(), "Nobody yet".to_owned());
        std::iter::once(nobody).chain(self.members.iter().cloned()).collect()
    }

    fn clocks(&self) -> String {
        format!("By the clocks of {}.", self.zone)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn priorities(&self) -> Vec<(&'static str, &'static str)> {
        Priority::options()
    }

    fn repeats(&self) -> Vec<(&'static str, &'static str)> {
        Repeats::options()
    }
}

async fn page(
    app: &App,
    scope: &Scope<EditTasks>,
    task: Option<&Task>,
    (mut form, errors): (TaskForm, FieldErrors),
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let mut members = members(&mut tx, scope).await?;
    if let Some((id, name)) = task.and_then(|task| task.assignee_id.zip(task.assignee.clone()))
        && members.iter().all(|(known, _)| *known != id.to_string())
    {
        members.push((id.to_string(), name));
    }
    let deal = form.name_around(&mut tx, errors.is_empty()).await?;
    drop(tx);
    let shell = frame(app, scope, "tasks").await?;
    let (tasks, zone) = (scope.member.link("/tasks"), scope.member.access.time_zone.replace('_', " "));
    let changed = task.map(|task| (format!("{tasks}/{}", task.id), task.title.clone()));
    Ok((status, View(Page { shell, tasks, changed, members, deal, zone, form, errors })).into_response())
}

async fn create(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Form(form): Form<TaskForm>,
) -> Result<Response> {
    let (now, me) = (app.clock.now(), &scope.member.user);
    let mut tx = scope.enter().await?;
    let members = members(&mut tx, &scope).await?;
    let kept = match form.check(&mut tx, (&scope.member.access.time_zone, &members), None).await? {
        Ok(kept) => kept,
        Err(errors) => {
            drop(tx);
            return page(&app, &scope, None, (form, errors)).await;
        }
    };
    let id = make(&mut tx, &kept, Some(me.id.0), now).await?;
    tell_assignee(&mut tx, &app, (id, &kept), me).await?;
    let task = of(&mut tx, id).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Added the task “{}”.", kept.title)).await?;
    Ok(Redirect::to(&Around::at(&form.back).page(&scope.member, &task)).into_response())
}

async fn update(
    scope: Scope<EditTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
    Form(form): Form<TaskForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx, id).await?;
    let before = of(&mut tx, id).await?;
    let members = members(&mut tx, &scope).await?;
    let zone = &scope.member.access.time_zone;
    let kept = match form.check(&mut tx, (zone, &members), Some(&before)).await? {
        Ok(kept) => kept,
        Err(errors) => {
            drop(tx);
            return page(&app, &scope, Some(&before), (form, errors)).await;
        }
    };
    queries::keep(&mut tx, id, &kept, now).await?;
    if kept.assignee != before.assignee_id {
        tell_assignee(&mut tx, &app, (id, &kept), &scope.member.user).await?;
    }
    let was = json!({ "title": before.title, "due": before.due_on, "repeats": before.repeats.key(), "assignee": before.assignee_id });
    let entry = Entry::new("tasks.changed").on("task", id, &kept.title);
    tx.record(entry.before(was).after(shown(&kept)), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved the task.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/tasks/{id}"))).into_response())
}
