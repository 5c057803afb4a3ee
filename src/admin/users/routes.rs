//! `/admin/users`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{queries, views};
use crate::{
    accounts::{UserId, disabling},
    admin::{ManageUsers, ViewPlatform, frame::frame, list::ListQuery, staff},
    audit::Entry,
    tenancy::{Permission, PlatformScope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::platform()
        .get("/admin/users", index)
        .get("/admin/users/{user}", show)
        .post("/admin/users/{user}/disable", disable)
        .post("/admin/users/{user}/enable", enable)
}

async fn index(
    scope: PlatformScope<ViewPlatform>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let page = queries::page(&app, &query, app.clock.now()).await?;
    let shell = frame(&app, &scope, "users").await?;
    Ok(View(views::Index { shell, query, page, reader: scope.user }).into_response())
}

async fn show(
    scope: PlatformScope<ViewPlatform>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    page_of(&app, scope, id, FieldErrors::default()).await
}

async fn page_of<P: Permission>(
    app: &App,
    scope: PlatformScope<P>,
    id: Uuid,
    errors: FieldErrors,
) -> Result<Response> {
    let person = queries::find(app, id, app.clock.now()).await?.or_404()?;
    let places = queries::places(app, scope.user.id, id).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, &scope, "users").await?;
    let may_manage = scope.may::<ManageUsers>();
    let page = views::Show { shell, person, places, may_manage, errors, reader: scope.user };
    Ok((status, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
struct Certain {
    is_certain: Option<String>,
}

async fn disable(
    scope: PlatformScope<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(form): Form<Certain>,
) -> Result<Response> {
    let person = queries::find(&app, id, app.clock.now()).await?.or_404()?;
    let mut tx = scope.enter().await?;
    let complaint = if id == scope.user.id.0 {
        Some("You cannot shut yourself out. Ask another administrator.")
    } else if form.is_certain.is_none() {
        Some("Tick this box if they are to be shut out.")
    } else if staff::is_last_admin(&mut tx, UserId(id)).await? {
        Some("This is the last platform administrator. Make somebody else one first.")
    } else {
        None
    };
    if let Some(complaint) = complaint {
        return page_of(&app, scope, id, FieldErrors::on("is_certain", complaint)).await;
    }
    if disabling::disable(tx.conn(), UserId(id), app.clock.now()).await? {
        let shut_out = Entry::new("users.shut_out").on("user", id, &person.name);
        let states = shut_out.before(json!({ "can_sign_in": true })).after(json!({ "can_sign_in": false }));
        tx.record(states, app.clock.now()).await?;
        tx.commit().await?;
    }
    back(&scope, id, &format!("{} is shut out, and signed out everywhere.", person.name)).await
}

async fn enable(
    scope: PlatformScope<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let person = queries::find(&app, id, app.clock.now()).await?.or_404()?;
    let mut tx = scope.enter().await?;
    if disabling::enable(tx.conn(), UserId(id), app.clock.now()).await? {
        let let_in = Entry::new("users.let_in").on("user", id, &person.name);
        let states = let_in.before(json!({ "can_sign_in": false })).after(json!({ "can_sign_in": true }));
        tx.record(states, app.clock.now()).await?;
        tx.commit().await?;
    }
    back(&scope, id, &format!("{} can sign in again.", person.name)).await
}

async fn back(scope: &PlatformScope<ManageUsers>, id: Uuid, said: &str) -> Result<Response> {
    flash::say(&scope.session, said).await?;
    Ok(Redirect::to(&format!("/admin/users/{id}")).into_response())
}
