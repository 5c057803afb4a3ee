//! `/admin/organizations/{id}/support`: asking to come in, and ending it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{Asked, Grant, SupportForm, end, queries, views};
use crate::{
    admin::{frame::frame, organizations},
    audit::Entry,
    tenancy::{GiveSupport, OrgId, PlatformScope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::platform()
        .get("/admin/organizations/{id}/support", index)
        .post("/admin/organizations/{id}/support", create)
        .post("/admin/organizations/{id}/support/{grant}/end", delete)
}

async fn index(
    scope: PlatformScope<GiveSupport>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let form = SupportForm { minutes: "60".to_owned(), ..SupportForm::default() };
    show(&app, scope, id, form, FieldErrors::default()).await
}

async fn show(
    app: &App,
    scope: PlatformScope<GiveSupport>,
    id: Uuid,
    form: SupportForm,
    errors: FieldErrors,
) -> Result<Response> {
    let organization = organizations::find(app, &scope, id).await?;
    let mut tx = scope.beside(OrgId(id)).await?;
    let grants = queries::all(&mut tx).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, &scope, "organizations").await?;
    let now = app.clock.now();
    let page = views::Index { shell, organization, grants, now, form, errors, reader: scope.user };
    Ok((status, View(page)).into_response())
}

async fn create(
    scope: PlatformScope<GiveSupport>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Form(form): Form<SupportForm>,
) -> Result<Response> {
    let organization = organizations::find(&app, &scope, id).await?;
    let asked = match form.check() {
        Ok(asked) => asked,
        Err(errors) => return show(&app, scope, id, form, errors).await,
    };
    let grant = begin(&app, &scope, OrgId(id), &asked).await?;
    note(&app, &scope, Entry::new("support.began").on("organization", id, &organization.name), &grant)
        .await?;
    flash::say(&scope.session, "You are in. Everything you do is in the log of this workspace.").await?;
    Ok(Redirect::to(&format!("/w/{}", organization.slug)).into_response())
}

/// Lets the person in, together with the line about it in the log of the organization. A grant that they
/// have there already ends with that.
async fn begin(app: &App, scope: &PlatformScope<GiveSupport>, org: OrgId, asked: &Asked) -> Result<Grant> {
    let now = app.clock.now();
    let mut tx = scope.beside(org).await?;
    for grant in queries::all(&mut tx).await? {
        if grant.user_id == Some(scope.user.id.0) && grant.lasts(now) {
            end(&mut tx, grant.id, &scope.user.name, now).await?;
        }
    }
    let grant = queries::insert(&mut tx, &scope.user, asked, now).await?;
    let began = Entry::new("support.began").on("support", grant.id, &grant.user_name);
    tx.record(began.after(grant.state()).because(&grant.reason), now).await?;
    tx.commit().await?;
    Ok(grant)
}

async fn delete(
    scope: PlatformScope<GiveSupport>,
    State(app): State<App>,
    Path((id, grant)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    let organization = organizations::find(&app, &scope, id).await?;
    let now = app.clock.now();
    let mut tx = scope.beside(OrgId(id)).await?;
    let before = queries::find(&mut tx, grant).await?.or_404()?;
    if let Some(ended) = end(&mut tx, grant, &scope.user.name, now).await? {
        let entry = Entry::new("support.ended").on("support", grant, &ended.user_name);
        tx.record(entry.before(before.state()).after(ended.state()).because(&ended.reason), now).await?;
        tx.commit().await?;
        let entry = Entry::new("support.ended").on("organization", id, &organization.name);
        note(&app, &scope, entry, &ended).await?;
    }
    flash::say(&scope.session, "The support access is over.").await?;
    Ok(Redirect::to(&format!("/admin/organizations/{id}/support")).into_response())
}

/// The same in the log of the installation: after that of the organization, which matters more.
async fn note(app: &App, scope: &PlatformScope<GiveSupport>, entry: Entry, grant: &Grant) -> Result<()> {
    let mut tx = scope.enter().await?;
    tx.record(entry.after(grant.state()).because(&grant.reason), app.clock.now()).await?;
    Ok(tx.commit().await?)
}
