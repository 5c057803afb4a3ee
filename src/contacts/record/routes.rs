//! `/w/{org}/contacts/{contact}`: looking at one person, adding and changing them.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Standing, add, change, find, set_standing, views};
use crate::{
    contacts::{
        ContactId, EditContacts, ViewContacts,
        beside::Cards,
        consent,
        contact::ContactForm,
        fields::{self, OwnField},
        lists,
        table::counted,
        tags,
    },
    events::timeline::{self, Tellers},
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
    let shell = frame(app, scope, "contacts").await?;
    let page = views::Edit { shell, path: scope.member.link("/contacts"), contact, own, form, errors };
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
        Err(errors) => return form_page(&app, &scope, (None, own), form, errors).await,
    };
    let id = match add(&mut tx, &checked, scope.member.user.id.0, app.clock.now()).await? {
        Ok(id) => id,
        Err(errors) => return form_page(&app, &scope, (None, own), form, errors).await,
    };
    let org = tx.org();
    tx.commit().await?;
    counted::forget(&app, org);
    flash::say(&scope.session, "Added the contact.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}

/// Lines of the timeline that are shown at once.
const LINES: i64 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    /// Only what happened before: for what is older.
    before: Option<DateTime<Utc>>,
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    (Extension(tellers), Extension(cards)): (Extension<Tellers>, Extension<Cards>),
    Path((_, id)): Path<(String, ContactId)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let mut timeline = timeline::of_contact(&mut tx, &tellers, id.0, (query.before, LINES + 1)).await?;
    let older = timeline.get(usize::try_from(LINES).unwrap_or(0)).is_some();
    timeline.truncate(usize::try_from(LINES).unwrap_or(0));
    let own = fields::in_use(&mut tx).await?;
    let lists = lists::of_contact(&mut tx, id).await?;
    let tags = tags::of_contact(&mut tx, id).await?;
    let offered = tags::names(&mut tx).await?;
    let standing = consent::standing(&mut tx, &contact, app.clock.now()).await?;
    drop(tx);
    let shell = frame(&app, &scope, "contacts").await?;
    let beside = cards.of(|permission| scope.member.holds(permission));
    let known =
        views::Known { contact, own, lists, tags, offered, standing, beside, timeline, has_older: older };
    Ok(View(views::Show::new(shell, &scope.member, known)).into_response())
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
        Ok(checked) => change(&mut tx, &contact, (&checked, &own), app.clock.now()).await?,
        Err(errors) => Err(errors),
    };
    if let Err(errors) = changed {
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
