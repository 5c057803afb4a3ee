//! The tasks of a contact or of a deal: a part of their page, and a page of its own.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::{
    EditTasks, ViewTasks,
    around::{Around, Line},
    queries::{self, Which},
};
use crate::{
    contacts::{ContactId, beside::Card, record},
    deals::{self, DealId},
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, OrNotFound, Result, Routes, Shell, View, Wants},
};

/// What stands beside a contact's page; a deal's page names the same key.
pub const CARD: Card = Card { key: "tasks", title: "Tasks", needs: ViewTasks::KEY };

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/contacts/{contact}/tasks", of_contact).get("/deals/{deal}/tasks", of_deal)
}

/// Open tasks shown, and done ones beside them.
const OPEN: i64 = 50;
const DONE: i64 = 5;

/// What both page and part are given.
struct List {
    /// `contact` or `deal`, and which.
    about: &'static str,
    id: String,
    /// The address of all tasks.
    tasks: String,
    lines: Vec<Line>,
    may_edit: bool,
    me: String,
}

#[derive(Template)]
#[template(path = "tasks/beside.html")]
struct Beside {
    shell: Shell,
    name: String,
    /// The page that they stand beside.
    page: String,
    list: List,
}

#[derive(Template)]
#[template(path = "tasks/beside.html", block = "list")]
struct Part {
    list: List,
}

async fn of_contact(
    scope: Scope<ViewTasks>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    let name = record::find(&mut scope.enter().await?, id).await?.or_404()?.name();
    let which = Which { contact: Some(id.0), ..Which::default() };
    answer(&app, &scope, wants, ("contact", id.to_string(), name), which).await
}

async fn of_deal(
    scope: Scope<ViewTasks>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, DealId)>,
) -> Result<Response> {
    let name = deals::deal::find(&mut scope.enter().await?, id).await?.or_404()?.name;
    let which = Which { deal: Some(id.0), ..Which::default() };
    answer(&app, &scope, wants, ("deal", id.to_string(), name), which).await
}

async fn answer(
    app: &App,
    scope: &Scope<ViewTasks>,
    wants: Wants,
    (about, id, name): (&'static str, String, String),
    which: Which,
) -> Result<Response> {
    let member = &scope.member;
    let mut tx = scope.enter().await?;
    let mut tasks = queries::find(&mut tx, Which { at_most: OPEN, ..which }).await?;
    tasks.extend(queries::find(&mut tx, Which { at_most: DONE, is_done: true, ..which }).await?);
    drop(tx);
    let lines = Line::all(tasks, member, &Around::at(about), app.clock.now());
    let page = member.link(&format!("/{about}s/{id}"));
    let list = List {
        about,
        id,
        tasks: member.link("/tasks"),
        lines,
        may_edit: member.may::<EditTasks>(),
        me: member.user.id.to_string(),
    };
    if wants == Wants::Part {
        return Ok(View(Part { list }).into_response());
    }
    let shell = frame(app, scope, if about == "deal" { "deals" } else { "contacts" }).await?;
    Ok(View(Beside { shell, name, page, list }).into_response())
}
