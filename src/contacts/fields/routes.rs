//! `/w/{org}/settings/fields`: every field, adding, changing, moving one, putting it away and bringing it back.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{FieldId, OwnField, add, all, form::FieldForm, free_key, order, queries, views};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts, uses::Finders},
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/fields", index)
        .post("/settings/fields", create)
        .get("/settings/fields/{field}", show)
        .post("/settings/fields/{field}", update)
        .post("/settings/fields/{field}/move", go)
        .get("/settings/fields/{field}/retype", super::retype_page::look)
        .post("/settings/fields/{field}/retype", super::retype_page::apply)
        .post("/settings/fields/{field}/archive", archive)
        .post("/settings/fields/{field}/restore", restore)
}

async fn index(scope: Scope<ViewContacts>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, FieldForm::default(), FieldErrors::default()).await
}

async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    form: FieldForm,
    errors: FieldErrors,
) -> Result<Response> {
    let fields = all(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "settings").await?;
    let page = views::Index::new(shell, &scope.member, fields, (form, errors));
    Ok((status, View(page)).into_response())
}

/// The field with this id, or that there is none.
pub(super) async fn find(tx: &mut OrgTx, id: FieldId) -> Result<OwnField> {
    all(tx).await?.into_iter().find(|field| field.id == id).or_404()
}

pub(super) fn back(scope: &Scope<EditContacts>, rest: &str) -> Response {
    Redirect::to(&scope.member.link(&format!("/settings/fields{rest}"))).into_response()
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<FieldForm>,
) -> Result<Response> {
    let field = match form.check(None) {
        Ok(field) => field,
        Err(errors) => return page(&app, &scope, form, errors).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    if all(&mut tx).await?.len() >= 300 {
        drop(tx);
        let errors = FieldErrors::on("label", "A workspace has 300 fields at most. Put one away first.");
        return page(&app, &scope, form, errors).await;
    }
    let field = OwnField { key: free_key(&mut tx, &field.label).await?, ..field };
    add(&mut tx, &field, now).await?;
    tx.commit().await?;
    let said = format!("Added the field “{}”. It stands on the form of every contact.", field.label);
    flash::say(&scope.session, &said).await?;
    Ok(back(&scope, ""))
}

async fn show(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(finders): Extension<Finders>,
    Path((_, id)): Path<(String, FieldId)>,
) -> Result<Response> {
    let field = find(&mut scope.enter().await?, id).await?;
    let form = FieldForm::of(&field);
    one(&app, &scope, &finders, field, (form, FieldErrors::default())).await
}

async fn one(
    app: &App,
    scope: &Scope<EditContacts>,
    finders: &Finders,
    field: OwnField,
    (form, errors): (FieldForm, FieldErrors),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let people = queries::count(&mut tx, &field.key).await?;
    let uses = finders.of(&mut tx, &field.key).await?;
    let others = all(&mut tx).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "settings").await?;
    let known = views::Known { field, people, uses, groups: views::groups(&others) };
    Ok((status, View(views::Show::new(shell, &scope.member, known, (form, errors)))).into_response())
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(finders): Extension<Finders>,
    Path((_, id)): Path<(String, FieldId)>,
    Form(form): Form<FieldForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx, id).await?;
    let before = find(&mut tx, id).await?;
    let field = match form.check(Some(&before)) {
        Ok(field) => field,
        Err(errors) => {
            drop(tx);
            return one(&app, &scope, &finders, before, (form, errors)).await;
        }
    };
    queries::update(&mut tx, &field, now).await?;
    let changed = Entry::new("fields.changed").on("field", id, &field.label);
    tx.record(changed.before(before.kept()).after(field.kept()), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved.").await?;
    Ok(back(&scope, ""))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoveForm {
    /// `up` or `down`, alone; `group_up` or `group_down`, with its group.
    way: String,
}

async fn go(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, FieldId)>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let field = find(&mut tx, id).await?;
    let (archived, fields): (Vec<OwnField>, Vec<OwnField>) =
        all(&mut tx).await?.into_iter().partition(|field| field.archived_at.is_some());
    let fields = order::grouped(fields);
    if let Some(way) = order::Way::parse(&form.way) {
        let mut order = order::moved(&fields, id, way);
        // What was put away stands behind, and does not come between the others when it is back.
        order.extend(archived.iter().map(|field| field.id));
        queries::arrange(&mut tx, &order, now).await?;
    }
    let moved = Entry::new("fields.moved").on("field", id, &field.label);
    tx.record(moved.after(json!({ "way": form.way })), now).await?;
    tx.commit().await?;
    Ok(back(&scope, &format!("#field-{id}")))
}

async fn archive(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, FieldId)>,
) -> Result<Response> {
    stand(&app, &scope, id, true).await
}

async fn restore(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, FieldId)>,
) -> Result<Response> {
    stand(&app, &scope, id, false).await
}

async fn stand(app: &App, scope: &Scope<EditContacts>, id: FieldId, is_away: bool) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let field = find(&mut tx, id).await?;
    let field = OwnField { archived_at: is_away.then_some(now), ..field };
    queries::update(&mut tx, &field, now).await?;
    let action = if is_away { "fields.archived" } else { "fields.restored" };
    tx.record(Entry::new(action).on("field", id, &field.label), now).await?;
    tx.commit().await?;
    if is_away {
        let said = format!("Deleted the field “{}”. What people have in it is kept.", field.label);
        let undo = scope.member.link(&format!("/settings/fields/{id}/restore"));
        flash::say_with_undo(&scope.session, &said, undo).await?;
    } else {
        flash::say(&scope.session, &format!("“{}” is back, with all that was in it.", field.label)).await?;
    }
    Ok(back(scope, ""))
}
