//! `/admin/organizations`.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use uuid::Uuid;

use super::{find, queries, views};
use crate::{
    admin::{ViewPlatform, frame::frame, list::ListQuery},
    tenancy::{GiveSupport, PlatformScope},
    web::{App, Result, Routes, View},
};

pub fn routes() -> Routes {
    Routes::platform().get("/admin/organizations", index).get("/admin/organizations/{id}", show)
}

async fn index(
    scope: PlatformScope<ViewPlatform>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let page = queries::page(&app, scope.user.id, &query).await?;
    let shell = frame(&app, &scope, "organizations").await?;
    Ok(View(views::Index { shell, query, page, reader: scope.user }).into_response())
}

async fn show(
    scope: PlatformScope<ViewPlatform>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let organization = find(&app, &scope, id).await?;
    let shell = frame(&app, &scope, "organizations").await?;
    let may_support = scope.may::<GiveSupport>();
    Ok(View(views::Show { shell, organization, may_support, reader: scope.user }).into_response())
}
