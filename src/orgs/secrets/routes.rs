//! `/w/{org}/settings/secrets`: the list, and the page of one.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;
use uuid::Uuid;

use super::{DeleteForm, SecretForm, ValueForm, views};
use crate::{
    audit::Entry,
    orgs::frame::frame,
    secrets::{self, EditSecrets, INTEGRATION, NewSecret, Secret, SecretId},
    tenancy::{OrgTx, Scope},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/secrets", index)
        .post("/settings/secrets", create)
        .get("/settings/secrets/{id}", show)
        .post("/settings/secrets/{id}", update)
        .post("/settings/secrets/{id}/delete", delete)
}

async fn index(scope: Scope<EditSecrets>, State(app): State<App>) -> Result<Response> {
    show_all(&app, &scope, "", FieldErrors::default()).await
}

async fn create(
    scope: Scope<EditSecrets>,
    State(app): State<App>,
    Form(form): Form<SecretForm>,
) -> Result<Response> {
    let (label, value) = match form.check() {
        Ok(checked) => checked,
        Err(errors) => return show_all(&app, &scope, &form.label, errors).await,
    };
    let new = NewSecret { kind: INTEGRATION, label, value: &value, created_by: scope.member.user.id };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let Some(id) = secrets::put(&mut tx, &app.keys, &new, now).await? else {
        drop(tx);
        let told = "There is one of this name. Open it to replace its value, or choose another name.";
        return show_all(&app, &scope, &form.label, FieldErrors::on("label", told)).await;
    };
    tx.record(Entry::new("secrets.kept").on("secret", id, label).after(json!({ "name": label })), now)
        .await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Keeping “{label}”. Its value will not be shown again.")).await?;
    Ok(back(&scope))
}

async fn show(
    scope: Scope<EditSecrets>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    show_one(&app, &scope, SecretId(id), FieldErrors::default()).await
}

async fn update(
    scope: Scope<EditSecrets>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
    Form(form): Form<ValueForm>,
) -> Result<Response> {
    let value = match form.check() {
        Ok(value) => value,
        Err(errors) => return show_one(&app, &scope, SecretId(id), errors).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let secret = found(&mut tx, SecretId(id)).await?;
    if !secrets::replace(&mut tx, &app.keys, SecretId(id), &value, now).await? {
        return Err(Error::NotFound);
    }
    let replaced = Entry::new("secrets.replaced").on("secret", id, &secret.label);
    tx.record(replaced.before(json!({ "replaced_at": secret.updated_at })), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Replaced the value. It is used from now on.").await?;
    Ok(back(&scope))
}

async fn delete(
    scope: Scope<EditSecrets>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
    Form(form): Form<DeleteForm>,
) -> Result<Response> {
    if form.is_certain.is_none() {
        let told = "Tick this box if it is to be deleted.";
        return show_one(&app, &scope, SecretId(id), FieldErrors::on("is_certain", told)).await;
    }
    let mut tx = scope.enter().await?;
    let secret = found(&mut tx, SecretId(id)).await?;
    if !secrets::forget(&mut tx, SecretId(id)).await? {
        return Err(Error::NotFound);
    }
    let deleted = Entry::new("secrets.deleted").on("secret", id, &secret.label);
    tx.record(deleted.before(json!({ "name": secret.label })), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Deleted the secret for good.").await?;
    Ok(back(&scope))
}

fn back(scope: &Scope<EditSecrets>) -> Response {
    Redirect::to(&scope.member.link("/settings/secrets")).into_response()
}

/// The list, with what is wrong with a new one. Its name stays as typed, its value is typed again.
async fn show_all(
    app: &App,
    scope: &Scope<EditSecrets>,
    label: &str,
    errors: FieldErrors,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let mut all = secrets::list(&mut tx).await?;
    all.retain(|secret| secret.kind == INTEGRATION);
    drop(tx);
    let page = views::Index {
        shell: frame(app, scope, "settings").await?,
        org: scope.member.access.slug.clone(),
        secrets: all.into_iter().map(|secret| views::Row::new(secret, &scope.member.user)).collect(),
        typed: label.to_owned(),
        errors,
    };
    Ok((status(&page.errors), View(page)).into_response())
}

async fn show_one(
    app: &App,
    scope: &Scope<EditSecrets>,
    id: SecretId,
    errors: FieldErrors,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let secret = found(&mut tx, id).await?;
    drop(tx);
    let shell = frame(app, scope, "settings").await?;
    let page = views::Show::new(shell, &scope.member, secret, errors);
    Ok((status(&page.errors), View(page)).into_response())
}

/// One that was put here. A kind that a part of the product looks for is looked after there, and in use.
async fn found(tx: &mut OrgTx, id: SecretId) -> Result<Secret> {
    secrets::find(tx, id).await?.filter(|secret| secret.kind == INTEGRATION).or_404()
}

fn status(errors: &FieldErrors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}
