//! `/w/{org}/settings/audit-log`, and the same as a table for other programs.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;

use super::{csv, filter::LogQuery, queries, views};
use crate::{
    orgs::{ViewAudit, frame::frame},
    tenancy::Scope,
    web::{App, Result, Routes, View, page::PAGE},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/settings/audit-log", index).get("/settings/audit-log/export", export)
}

/// Lines in one table: more would not open in a spreadsheet with any comfort.
const MOST_EXPORTED: i64 = 20_000;

async fn index(
    scope: Scope<ViewAudit>,
    State(app): State<App>,
    Query(query): Query<LogQuery>,
) -> Result<Response> {
    let zone = &scope.member.access.time_zone;
    let days = (query.since(zone), query.until(zone));
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = queries::lines(&mut scope.enter().await?, &query, days, query.older(), most).await?;
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let older = lines.last().filter(|_| has_more).map(|line| format!("older={}", line.seq));
    let page = views::Index {
        shell: frame(&app, &scope, "settings").await?,
        path: scope.member.link("/settings/audit-log"),
        lines,
        older: older.unwrap_or_default(),
        query,
        me: scope.member.user.clone(),
    };
    Ok(View(page).into_response())
}

async fn export(scope: Scope<ViewAudit>, Query(query): Query<LogQuery>) -> Result<Response> {
    let access = &scope.member.access;
    let days = (query.since(&access.time_zone), query.until(&access.time_zone));
    let lines = queries::lines(&mut scope.enter().await?, &query, days, None, MOST_EXPORTED).await?;
    let name = format!("attachment; filename=\"audit-log-{}.csv\"", access.slug);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, csv::of(&lines)).into_response())
}
