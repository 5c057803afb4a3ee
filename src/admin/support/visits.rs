//! `/w/{org}/settings/support`: who of the support is or was here, and showing them out.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{end, queries, views};
use crate::{
    audit::Entry,
    orgs::{EditSecurity, frame::frame},
    tenancy::Scope,
    web::{App, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/settings/support", index).post("/settings/support/{id}/end", delete)
}

async fn index(scope: Scope<EditSecurity>, State(app): State<App>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let grants = queries::all(&mut tx).await?;
    drop(tx);
    let shell = frame(&app, &scope, "settings").await?;
    let org = scope.member.access.slug.clone();
    let page = views::Visits { shell, org, grants, now: app.clock.now(), reader: scope.member.user };
    Ok(View(page).into_response())
}

async fn delete(
    scope: Scope<EditSecurity>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let before = queries::find(&mut tx, id).await?.or_404()?;
    if let Some(ended) = end(&mut tx, id, &scope.member.user.name, now).await? {
        let entry = Entry::new("support.ended").on("support", id, &ended.user_name);
        tx.record(entry.before(before.state()).after(ended.state()).because(&ended.reason), now).await?;
        tx.commit().await?;
    }
    flash::say(&scope.session, "The support access is over. Their next request finds nothing here.").await?;
    Ok(Redirect::to(&scope.member.link("/settings/support")).into_response())
}
