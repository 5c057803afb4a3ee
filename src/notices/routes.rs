//! `/notifications`: what the person was told, in all their workspaces.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{NoticeId, queries, settings, views};
use crate::{
    accounts::{CurrentUser, frame},
    web::{App, OrNotFound, Result, Routes, View, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::account()
        .get("/notifications", index)
        .post("/notifications/read", read_all)
        .post("/notifications/{notice}/read", read)
        .post("/notifications/{notice}/open", open)
        .merge(settings::routes())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    /// The last notice of the page before.
    before: String,
}

/// Notices on a page.
const PAGE: usize = 50;

async fn index(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let before: Option<NoticeId> = query.before.parse().ok();
    let at_most = i32::try_from(PAGE + 1).unwrap_or(i32::MAX);
    let mut notices = queries::of(&app.db, current.user.id, (None, before), at_most).await?;
    let has_older = notices.len() > PAGE;
    notices.truncate(PAGE);
    let shell = frame(&app, &current, &token, "notifications").await?;
    let is_first = before.is_none();
    Ok(View(views::Index { shell, me: current.user, notices, has_older, is_first }).into_response())
}

async fn read_all(current: CurrentUser, State(app): State<App>) -> Result<Response> {
    let marked = queries::mark_read(&app.db, current.user.id, None, app.clock.now()).await?;
    if marked > 0 {
        flash::say(&current.session, "Marked everything as read.").await?;
    }
    Ok(Redirect::to("/notifications").into_response())
}

async fn read(current: CurrentUser, State(app): State<App>, Path(id): Path<NoticeId>) -> Result<Response> {
    queries::of(&app.db, current.user.id, (Some(id), None), 1).await?.pop().or_404()?;
    queries::mark_read(&app.db, current.user.id, Some(id), app.clock.now()).await?;
    Ok(Redirect::to("/notifications").into_response())
}

/// Goes where the notice leads; who goes there has read it.
async fn open(current: CurrentUser, State(app): State<App>, Path(id): Path<NoticeId>) -> Result<Response> {
    let notice = queries::of(&app.db, current.user.id, (Some(id), None), 1).await?.pop().or_404()?;
    queries::mark_read(&app.db, current.user.id, Some(id), app.clock.now()).await?;
    Ok(Redirect::to(&format!("/w/{}{}", notice.slug, notice.path)).into_response())
}
