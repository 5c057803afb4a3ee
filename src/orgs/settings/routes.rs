//! `/w/{org}/settings`: general, and security.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{GeneralForm, SecurityForm, queries, views};
use crate::{
    audit::Entry,
    orgs::{EditSecurity, EditWorkspace, frame::frame},
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings", general)
        .post("/settings", update_general)
        .get("/settings/security", security)
        .post("/settings/security", update_security)
}

async fn general(scope: Scope<EditWorkspace>, State(app): State<App>) -> Result<Response> {
    let form = GeneralForm {
        name: scope.member.access.name.clone(),
        hue: scope.member.access.hue.to_string(),
        time_zone: scope.member.access.time_zone.clone(),
    };
    show_general(&app, &scope, form, FieldErrors::default()).await
}

async fn update_general(
    scope: Scope<EditWorkspace>,
    State(app): State<App>,
    Form(form): Form<GeneralForm>,
) -> Result<Response> {
    let general = match form.check() {
        Ok(general) => general,
        Err(errors) => return show_general(&app, &scope, form, errors).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let before = queries::general(&mut tx).await?;
    queries::save_general(&mut tx, &general, now).await?;
    let changed = Entry::new("workspace.changed").on("organization", tx.org(), &general.name);
    tx.record(changed.before(before).after(&general), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved the settings of this workspace.").await?;
    // The whole page again: name and colour stand in its frame.
    Ok(Redirect::to(&scope.member.link("/settings")).into_response())
}

async fn show_general<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    form: GeneralForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "settings").await?;
    Ok((status, View(views::General::new(shell, &scope.member, form, errors))).into_response())
}

async fn security(scope: Scope<EditSecurity>, State(app): State<App>) -> Result<Response> {
    show_security(&app, &scope, scope.member.access.requires_two_factor, FieldErrors::default()).await
}

async fn update_security(
    scope: Scope<EditSecurity>,
    State(app): State<App>,
    Form(form): Form<SecurityForm>,
) -> Result<Response> {
    let required = form.requires_two_factor.is_some();
    if required && !scope.member.user.has_two_factor {
        let told = "Turn on two-factor sign-in for yourself first, under Your account, Security. \
                    Otherwise you would be shut out of this workspace.";
        return show_security(&app, &scope, required, FieldErrors::on("requires_two_factor", told)).await;
    }
    require(&app, &scope, required).await?;
    let said = if required {
        "Everybody needs two-factor sign-in to enter this workspace now."
    } else {
        "Two-factor sign-in is up to each person again."
    };
    flash::say(&scope.session, said).await?;
    Ok(Redirect::to(&scope.member.link("/settings/security")).into_response())
}

async fn require(app: &App, scope: &Scope<EditSecurity>, required: bool) -> Result<()> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let before = queries::require_two_factor(&mut tx, required, now).await?;
    let changed = Entry::new("security.changed").on("organization", tx.org(), &scope.member.access.name);
    let states = [before, required].map(|state| json!({ "requires_two_factor": state }));
    let [before, after] = states;
    tx.record(changed.before(before).after(after), now).await?;
    tx.commit().await?;
    Ok(())
}

async fn show_security(
    app: &App,
    scope: &Scope<EditSecurity>,
    is_required: bool,
    errors: FieldErrors,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let (with_it, people) = queries::two_factor_count(&mut tx).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "settings").await?;
    let page = views::Security {
        shell,
        org: scope.member.access.slug.clone(),
        is_required,
        with_it,
        people,
        errors,
    };
    Ok((status, View(page)).into_response())
}
