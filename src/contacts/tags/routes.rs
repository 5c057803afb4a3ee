//! `/w/{org}/contacts/tags`: every tag, making, changing, merging one, putting it away and bringing it back.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{Named, Tag, TagId, called, make, merge_page, queries, views};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts},
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/tags", index)
        .post("/contacts/tags", create)
        .get("/contacts/tags/{tag}", show)
        .post("/contacts/tags/{tag}", update)
        .get("/contacts/tags/{tag}/merge", merge_page::look)
        .post("/contacts/tags/{tag}/merge", merge_page::apply)
        .post("/contacts/tags/{tag}/archive", archive)
        .post("/contacts/tags/{tag}/restore", restore)
}

/// A tag, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TagForm {
    pub name: String,
    pub category: String,
    pub hue: i16,
}

async fn index(scope: Scope<ViewContacts>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, TagForm::default(), FieldErrors::default()).await
}

async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    form: TagForm,
    errors: FieldErrors,
) -> Result<Response> {
    let tags = queries::all(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    Ok((status, View(views::Index::new(shell, &scope.member, tags, (form, errors)))).into_response())
}

pub(super) fn back(scope: &Scope<EditContacts>) -> Response {
    Redirect::to(&scope.member.link("/contacts/tags")).into_response()
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<TagForm>,
) -> Result<Response> {
    let named = match Named::check(&form.name, &form.category, form.hue) {
        Ok(named) => named,
        Err(errors) => return page(&app, &scope, form, errors).await,
    };
    let mut tx = scope.enter().await?;
    if make(&mut tx, &named, app.clock.now()).await?.is_none() {
        drop(tx);
        return page(&app, &scope, form, FieldErrors::on("name", "Another tag has that name.")).await;
    }
    tx.commit().await?;
    flash::say(&scope.session, &format!("Made the tag “{}”.", named.name)).await?;
    Ok(back(&scope))
}

/// The tag with this id, or that there is none.
pub(super) async fn find(tx: &mut OrgTx, id: TagId) -> Result<Tag> {
    queries::all(tx).await?.into_iter().find(|tag| tag.id == id).or_404()
}

async fn show(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
) -> Result<Response> {
    let tag = find(&mut scope.enter().await?, id).await?;
    let form = TagForm { name: tag.name, category: tag.category, hue: tag.hue };
    one(&app, &scope, id, (form, FieldErrors::default())).await
}

async fn one(
    app: &App,
    scope: &Scope<EditContacts>,
    id: TagId,
    (form, errors): (TagForm, FieldErrors),
) -> Result<Response> {
    let tags = queries::all(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    let page =
        views::Show::new(shell, scope.member.link("/contacts"), (id, tags), (form, errors)).or_404()?;
    Ok((status, View(page)).into_response())
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
    Form(form): Form<TagForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let tag = find(&mut tx, id).await?;
    let checked = match Named::check(&form.name, &form.category, form.hue) {
        Ok(named) if called(&mut tx, &named.name).await?.is_some_and(|other| other != id) => {
            Err(FieldErrors::on("name", "Another tag has that name. Merge the two instead."))
        }
        checked => checked,
    };
    let named = match checked {
        Ok(named) => named,
        Err(errors) => {
            drop(tx);
            return one(&app, &scope, id, (form, errors)).await;
        }
    };
    queries::update(&mut tx, id, &named, now).await?;
    let before = json!({ "name": tag.name, "category": tag.category, "hue": tag.hue });
    let after = json!({ "name": named.name, "category": named.category, "hue": named.hue });
    tx.record(Entry::new("tags.changed").on("tag", id, &named.name).before(before).after(after), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved.").await?;
    Ok(back(&scope))
}

async fn archive(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let tag = find(&mut tx, id).await?;
    queries::set_archived(&mut tx, id, Some(now), now).await?;
    tx.record(Entry::new("tags.archived").on("tag", id, &tag.name), now).await?;
    tx.commit().await?;
    let undo = scope.member.link(&format!("/contacts/tags/{id}/restore"));
    let said = format!("Put the tag “{}” away. Nobody shows it any more; who has it is kept.", tag.name);
    flash::say_with_undo(&scope.session, &said, undo).await?;
    Ok(back(&scope))
}

async fn restore(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let tag = find(&mut tx, id).await?;
    if called(&mut tx, &tag.name).await?.is_some_and(|other| other != id) {
        let said = format!("Another tag is called “{}” now. Give that one another name first.", tag.name);
        flash::say_error(&scope.session, &said).await?;
        return Ok(back(&scope));
    }
    queries::set_archived(&mut tx, id, None, now).await?;
    tx.record(Entry::new("tags.restored").on("tag", id, &tag.name), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("The tag “{}” is back.", tag.name)).await?;
    Ok(back(&scope))
}
