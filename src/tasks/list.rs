//! `/w/{org}/tasks`: mine and everybody's, open and done.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    EditTasks, TaskId, ViewTasks,
    around::{Around, Line, grouped},
    due::Standing,
    queries::{self, Which},
};
use crate::{
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, Result, Routes, Shell, View},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/tasks", index)
}

/// Tasks on a page.
const PAGE: usize = 100;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    /// `all` for everybody's.
    whose: String,
    /// `done`, or nothing for open ones.
    state: String,
    /// The last task of the page before.
    after: String,
}

impl ListQuery {
    fn around(&self, whose: &str, state: &str) -> Around {
        let or = |wanted: &str, known: &str| if wanted == known { known.to_owned() } else { String::new() };
        Around { back: String::new(), whose: or(whose, "all"), state: or(state, "done") }
    }
}

#[derive(Template)]
#[template(path = "tasks/index.html")]
struct Index {
    shell: Shell,
    path: String,
    around: Around,
    query: ListQuery,
    groups: Vec<(Standing, Vec<Line>)>,
    /// The last task of this page, where there are more.
    more: Option<TaskId>,
    may_edit: bool,
    is_first: bool,
}

impl Index {
    /// The address of the list with one of its halves chosen otherwise.
    fn at(&self, whose: &str, state: &str) -> String {
        format!("{}?{}", self.path, self.query.around(whose, state).query())
    }

    fn is_all(&self) -> bool {
        self.around.whose == "all"
    }

    fn is_done(&self) -> bool {
        self.around.state == "done"
    }
}

async fn index(
    scope: Scope<ViewTasks>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let (member, around) = (&scope.member, query.around(&query.whose, &query.state));
    let after: Option<TaskId> = query.after.parse().ok();
    let which = Which {
        is_done: around.state == "done",
        of: (around.whose != "all").then_some(member.user.id.0),
        after,
        at_most: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
        ..Which::default()
    };
    let mut tasks = queries::find(&mut scope.enter().await?, which).await?;
    let has_more = tasks.len() > PAGE;
    tasks.truncate(PAGE);
    let more = tasks.last().filter(|_| has_more).map(|task| task.id);
    let lines = Line::all(tasks, member, &around, app.clock.now());
    let groups = match (which.is_done, lines.is_empty()) {
        (true, false) => vec![(Standing::Undated, lines)],
        _ => grouped(lines),
    };
    let shell = frame(&app, &scope, "tasks").await?;
    let (path, may_edit, is_first) = (member.link("/tasks"), member.may::<EditTasks>(), after.is_none());
    Ok(View(Index { shell, path, around, query, groups, more, may_edit, is_first }).into_response())
}
