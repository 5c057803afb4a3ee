//! `/my-day`: what one person has to do, over all their workspaces, each read through its own scope.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::Days;

use super::{
    ViewTasks,
    around::{Around, Line, grouped},
    due::{Standing, wall},
    queries::{self, Which},
};
use crate::{
    accounts::{CurrentUser, frame},
    tenancy::Scope,
    web::{App, Result, Routes, Shell, View, csrf::FormToken},
};

pub fn routes() -> Routes {
    Routes::account().get("/my-day", index)
}

/// Days after today that it looks ahead.
const AHEAD: u64 = 7;
/// Tasks of one workspace.
const AT_MOST: i64 = 50;

#[derive(Template)]
#[template(path = "tasks/my_day.html")]
struct MyDay {
    shell: Shell,
    day: String,
    groups: Vec<(Standing, Vec<Line>)>,
}

async fn index(current: CurrentUser, State(app): State<App>, token: FormToken) -> Result<Response> {
    let (now, me) = (app.clock.now(), &current.user);
    let mut lines: Vec<Line> = Vec::new();
    for scope in Scope::<ViewTasks>::everywhere(&app, &current).await? {
        let access = &scope.member.access;
        let until = wall(&access.time_zone, now).date().checked_add_days(Days::new(AHEAD));
        let which = Which { of: Some(me.id.0), until, at_most: AT_MOST, ..Which::default() };
        let tasks = queries::find(&mut scope.enter().await?, which).await?;
        let place = Some((access.name.clone(), access.hue));
        let here = Line::all(tasks, &scope.member, &Around::at("my-day"), now);
        lines.extend(here.into_iter().map(|line| Line { place: place.clone(), ..line }));
    }
    lines.sort_by_key(|line| (line.task.due(), line.task.id));
    let shell = frame(&app, &current, &token, "my-day").await?;
    let day = me.day(wall(&me.time_zone, now).date());
    Ok(View(MyDay { shell, day, groups: grouped(lines) }).into_response())
}
