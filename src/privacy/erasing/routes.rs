//! Asking for an erasure, `/w/{org}/contacts/{contact}/privacy/erase`, and its report,
//! `/w/{org}/settings/data/erasures/{erasure}`.

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{ErasureId, ask, order, queries, views};
use crate::{
    audit::Entry,
    contacts::{self, ProtectContacts},
    orgs::frame::frame,
    personal::Holdings,
    privacy::copy,
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/contacts/{contact}/privacy/erase", erase)
        .get("/settings/data/erasures/{erasure}", show)
        .post("/settings/data/erasures/{erasure}/retry", retry)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EraseForm {
    /// The address of whoever is meant, typed.
    confirmation: String,
}

async fn erase(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Extension(holdings): Extension<Holdings>,
    Path((_, contact)): Path<(String, Uuid)>,
    Form(form): Form<EraseForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    contacts::record::find(&mut tx, contact.into()).await?.or_404()?;
    let who = contacts::personal::find(&mut tx, contact, now).await?;
    let wanted = contacts::personal::confirmation(&who);
    if form.confirmation.trim().to_lowercase() != wanted.trim().to_lowercase() {
        drop(tx);
        let told = format!("That is not what this person is known by. Type “{wanted}”. Nobody was erased.");
        return copy::routes::page(&app, &scope, &holdings, contact, (&form.confirmation, &told)).await;
    }
    let by = Some(scope.member.user.id.0);
    let id = ask(&mut tx, contact, ("request", by), now).await.map_err(anyhow::Error::from)?;
    tx.record(Entry::new("contacts.erasure_ordered").on("contact", contact, ""), now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/settings/data/erasures/{id}"))).into_response())
}

async fn show(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ErasureId)>,
) -> Result<Response> {
    let erasure = queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    let member = scope.member.clone();
    if wants == Wants::Part {
        return Ok(View(views::Standing { erasure, member }).into_response());
    }
    let shell = frame(&app, &scope, "settings").await?;
    Ok(View(views::Show { shell, erasure, member }).into_response())
}

async fn retry(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ErasureId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let back = Redirect::to(&scope.member.link(&format!("/settings/data/erasures/{id}"))).into_response();
    let mut tx = scope.enter().await?;
    let erasure = queries::find(&mut tx, id).await?.or_404()?;
    if !queries::again(&mut tx, id).await? {
        flash::say_error(&scope.session, "It did not fail: this page shows how it stands.").await?;
        return Ok(back);
    }
    order(&mut tx, id, Some(scope.member.user.id.0)).await.map_err(anyhow::Error::from)?;
    tx.record(Entry::new("contacts.erasure_retried").on("contact", erasure.contact, ""), now).await?;
    tx.commit().await?;
    Ok(back)
}
