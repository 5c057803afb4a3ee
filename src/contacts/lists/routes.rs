//! `/w/{org}/contacts/lists`: every list, making one, putting one away.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{ListId, make, queries, views};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts, contact::tidy},
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/lists", index)
        .post("/contacts/lists", create)
        .post("/contacts/lists/{list}/archive", archive)
}

async fn index(scope: Scope<ViewContacts>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, ListForm::default(), FieldErrors::default()).await
}

async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    form: ListForm,
    errors: FieldErrors,
) -> Result<Response> {
    let lists = queries::all(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Index {
        shell: frame(app, scope, "contacts").await?,
        path: scope.member.link("/contacts"),
        lists,
        may_edit: scope.member.may::<EditContacts>(),
        typed_name: form.name,
        description: form.description,
        errors,
    };
    Ok((status, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListForm {
    name: String,
    description: String,
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<ListForm>,
) -> Result<Response> {
    let (name, description) = (tidy(&form.name), tidy(&form.description));
    if name.is_empty() || name.chars().count() > 120 {
        let errors = FieldErrors::on("name", "Give the list a name of up to 120 characters.");
        return page(&app, &scope, form, errors).await;
    }
    if description.chars().count() > 1000 {
        let errors = FieldErrors::on("description", "Please keep this under 1000 characters.");
        return page(&app, &scope, form, errors).await;
    }
    let mut tx = scope.enter().await?;
    if make(&mut tx, (&name, &description), app.clock.now()).await?.is_none() {
        drop(tx);
        return page(&app, &scope, form, FieldErrors::on("name", "Another list has that name.")).await;
    }
    tx.commit().await?;
    flash::say(
        &scope.session,
        &format!("Made the list “{name}”. Add people from the contacts, or import a file."),
    )
    .await?;
    Ok(Redirect::to(&scope.member.link("/contacts/lists")).into_response())
}

async fn archive(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ListId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let name = queries::archive(&mut tx, id, now).await?.or_404()?;
    tx.record(Entry::new("lists.archived").on("list", id, &name), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Put the list “{name}” away. The people in it stay contacts."))
        .await?;
    Ok(Redirect::to(&scope.member.link("/contacts/lists")).into_response())
}
