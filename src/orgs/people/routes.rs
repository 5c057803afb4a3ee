//! `/w/{org}/people`: the list, and changing the standing of several people at once.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

use super::{Changed, Standing, change_standing, list::ListQuery, person, queries, views};
use crate::{
    orgs::{EditMembers, ViewMembers, frame::frame, saved_views},
    tenancy::Scope,
    web::{App, Form, Result, Routes, Toast, View, Wants, flash, toast::ToastPart},
};

pub const SCREEN: &str = "people";

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/people", index)
        .post("/people/standing", update)
        .post("/people/standing/undo", undo)
        .merge(person::routes())
}

async fn index(
    scope: Scope<ViewMembers>,
    State(app): State<App>,
    wants: Wants,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let page = queries::page(&mut tx, &query).await?;
    let count = queries::count(&mut tx, &query).await?;
    let list = views::List::new(&scope.member, page, count, query);
    if wants == Wants::Part {
        return Ok(View(views::Rows { list }).into_response());
    }
    let tabs = saved_views::tabs(&mut tx, &scope.member, SCREEN, &list.query.view()).await?;
    let shell = frame(&app, &scope, "people").await?;
    Ok(View(views::Index { shell, list, tabs }).into_response())
}

#[derive(Debug, Deserialize)]
struct StandingForm {
    to: Standing,
    #[serde(default)]
    person: Vec<Uuid>,
    /// `all` means everybody in the view, not only the rows that were ticked.
    #[serde(default)]
    scope: String,
    /// The view's address, for `all` and to come back to.
    #[serde(default)]
    view: String,
}

async fn update(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    wants: Wants,
    Form(form): Form<StandingForm>,
) -> Result<Response> {
    let query = view_of(&form.view);
    let mut tx = scope.enter().await?;
    let wanted = if form.scope == "all" { queries::matching(&mut tx, &query).await? } else { form.person };
    let changed = change_standing(&mut tx, &scope.member, &wanted, form.to, app.clock.now()).await?;
    tx.commit().await?;
    answer(&scope, wants, form.to, &changed, &query).await
}

#[derive(Debug, Deserialize)]
struct UndoQuery {
    to: Standing,
    #[serde(default)]
    person: Vec<Uuid>,
}

async fn undo(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    wants: Wants,
    Query(undo): Query<UndoQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let changed = change_standing(&mut tx, &scope.member, &undo.person, undo.to, app.clock.now()).await?;
    tx.commit().await?;
    answer(&scope, wants, undo.to, &changed, &ListQuery::default()).await
}

/// The list again with what was done and how to take it back; without htmx, the list with a sentence on top.
async fn answer(
    scope: &Scope<EditMembers>,
    wants: Wants,
    to: Standing,
    changed: &Changed,
    query: &ListQuery,
) -> Result<Response> {
    let said = changed.sentence(to);
    if wants == Wants::Page {
        flash::say(&scope.session, &said).await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/people?{}", query.view()))).into_response());
    }
    let toast = match changed.undo(to) {
        Some(undo) => Toast::with_undo(&said, scope.member.link(&format!("/people/standing/undo?{undo}"))),
        None => Toast::ok(&said),
    };
    Ok(([("hx-trigger", "people-changed")], View(ToastPart { toast })).into_response())
}

fn view_of(address: &str) -> ListQuery {
    Query::try_from_uri(&format!("/?{address}").parse().unwrap_or_default())
        .map_or_else(|_| ListQuery::default(), |Query(query)| query)
}
