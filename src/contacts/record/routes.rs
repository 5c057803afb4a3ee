//! `/w/{org}/contacts/{contact}`: looking at one person, adding and changing them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use uuid::Uuid;

use super::{Around, ShowQuery, Standing, add, change, find, page, set_standing, views};
use crate::{
    contacts::{
        ContactId, EditContacts, ViewContacts,
        contact::ContactForm,
        fields::{self, OwnField},
        identities,
        table::counted,
    },
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/new", new)
        .post("/contacts", create)
        .get("/contacts/{contact}", show)
        .get("/contacts/{contact}/edit", edit)
        .post("/contacts/{contact}", update)
        .post("/contacts/{contact}/archive", archive)
        .post("/contacts/{contact}/restore", restore)
}

async fn new(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    let own = fields::in_use(&mut scope.enter().await?).await?;
    form_page(&app, &scope, (None, own), ContactForm::default(), FieldErrors::default()).await
}

async fn form_page(
    app: &App,
    scope: &Scope<EditContacts>,
    (contact, own): (Option<(Uuid, String)>, Vec<OwnField>),
    form: ContactForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let holders = if errors.is_empty() {
        Vec::new()
    } else {
        let itself = contact.as_ref().map(|(id, _)| ContactId(*id));
        identities::holders(&mut scope.enter().await?, itself, &form).await?
    };
    let shell = frame(app, scope, "contacts").await?;
    let page =
        views::Edit { shell, path: scope.member.link("/contacts"), contact, own, form, errors, holders };
    Ok((status, View(page)).into_response())
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<ContactForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let own = fields::held(&mut tx).await?;
    let checked = match form.check(&own) {
        Ok(checked) => checked,
        Err(errors) => {
            drop(tx);
            return form_page(&app, &scope, (None, own), form, errors).await;
        }
    };
    let id = match add(&mut tx, &checked, scope.member.user.id.0, app.clock.now()).await? {
        Ok(id) => id,
        Err(errors) => {
            drop(tx);
            return form_page(&app, &scope, (None, own), form, errors).await;
        }
    };
    let org = tx.org();
    tx.commit().await?;
    counted::forget(&app, org);
    flash::say(&scope.session, "Added the contact.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id)): Path<(String, ContactId)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    page(&app, &scope, around, id, query.into()).await
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let own = fields::in_use(&mut tx).await?;
    let form = ContactForm::of(&contact, &own);
    drop(tx);
    form_page(&app, &scope, (Some((id.0, contact.name())), own), form, FieldErrors::default()).await
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<ContactForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let own = fields::held(&mut tx).await?;
    let changed = match form.check(&own) {
        Ok(checked) => {
            let by = (scope.member.user.id.0, app.clock.now());
            change(&mut tx, &contact, (&checked, &own), by).await?
        }
        Err(errors) => Err(errors),
    };
    if let Err(errors) = changed {
        drop(tx);
        return form_page(&app, &scope, (Some((id.0, contact.name())), own), form, errors).await;
    }
    tx.commit().await?;
    flash::say(&scope.session, "Saved.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}

async fn archive(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    stand(&app, &scope, id, Standing::Archived).await
}

async fn restore(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    stand(&app, &scope, id, Standing::Here).await
}

async fn stand(
    app: &App,
    scope: &Scope<EditContacts>,
    id: ContactId,
    standing: Standing,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    find(&mut tx, id).await?.or_404()?;
    let said = set_standing(&mut tx, &[id.0], standing, app.clock.now()).await?;
    let org = tx.org();
    tx.commit().await?;
    counted::forget(app, org);
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}
