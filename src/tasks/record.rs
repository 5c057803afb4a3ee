//! `/w/{org}/tasks/{task}`: the page of one task.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::{
    TaskId, ViewTasks,
    around::{Around, Line},
    due::wall,
    queries::{self, Which},
};
use crate::{
    orgs::frame::frame,
    tenancy::{Member, Scope},
    web::{App, OrNotFound, Result, Routes, Shell, View},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/tasks/{task}", show)
}

#[derive(Template)]
#[template(path = "tasks/show.html")]
struct Show {
    shell: Shell,
    tasks: String,
    line: Line,
    member: Member,
}

impl Show {
    fn kind(&self) -> &'static str {
        self.line.task.kind.words()
    }

    fn made(&self) -> String {
        self.member.user.date_and_time(self.line.task.created_at)
    }

    /// Where the contact and the deal are, for who may look at them.
    fn contact(&self) -> Option<(String, &str)> {
        let (id, name) = self.line.task.contact_id.zip(self.line.task.contact.as_deref())?;
        self.member.holds("contacts.view").then(|| (self.member.link(&format!("/contacts/{id}")), name))
    }

    fn deal(&self) -> Option<(String, &str)> {
        let (id, name) = self.line.task.deal_id.zip(self.line.task.deal.as_deref())?;
        self.member.holds("deals.view").then(|| (self.member.link(&format!("/deals/{id}")), name))
    }
}

async fn show(
    scope: Scope<ViewTasks>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TaskId)>,
) -> Result<Response> {
    let which = Which { only: Some(id), at_most: 1, ..Which::default() };
    let task = queries::find(&mut scope.enter().await?, which).await?.pop();
    let task = task.filter(|task| task.deleted_at.is_none()).or_404()?;
    let member = scope.member.clone();
    let wall = wall(&member.access.time_zone, app.clock.now());
    let line = Line::new(task, &member, &Around::at("task"), wall);
    let shell = frame(&app, &scope, "tasks").await?;
    Ok(View(Show { shell, tasks: member.link("/tasks"), line, member }).into_response())
}
