//! `/w/{org}/contacts/{contact}/merge`: finding the other record of somebody.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::views;
use crate::{
    contacts::{ContactId, EditContacts, contact::tidy, found, record::find},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, OrNotFound, Result, View},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PickQuery {
    /// Part of a name, an address, a company or a number.
    q: String,
}

pub(super) async fn pick(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
    Query(query): Query<PickQuery>,
) -> Result<Response> {
    let q = tidy(&query.q);
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    // Until somebody looks for another name, those who are called the same.
    let asked = if q.is_empty() { contact.name() } else { q.clone() };
    let mut found = found::search(&mut tx, &asked).await?;
    found.retain(|row| row.id != id.0);
    drop(tx);
    let shell = frame(&app, &scope, "contacts").await?;
    let path = scope.member.link("/contacts");
    Ok(View(views::Pick { shell, path, contact, q, found }).into_response())
}
