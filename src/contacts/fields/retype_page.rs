//! `/w/{org}/settings/fields/{field}/retype`: what another kind would make of a field, and doing it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    FieldId, Kind,
    retype::{self, RetypeField},
    routes::{back, find},
    views,
};
use crate::{
    audit::Entry,
    contacts::EditContacts,
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, View, flash},
};

/// What kind it is to be.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RetypeForm {
    kind: String,
    currency: String,
}

pub(super) async fn look(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, FieldId)>,
    Query(query): Query<RetypeForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let field = find(&mut tx, id).await?;
    let kind = Kind::parse(&query.kind).filter(|kind| *kind != field.kind);
    let look = match kind {
        Some(kind) => Some((kind, retype::look(&mut tx, &field, (kind, &query.currency)).await?)),
        None => None,
    };
    drop(tx);
    let shell = frame(&app, &scope, "settings").await?;
    let path = scope.member.link("/settings/fields");
    Ok(View(views::Retype { shell, path, field, look, currency: query.currency }).into_response())
}

pub(super) async fn apply(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, FieldId)>,
    Form(form): Form<RetypeForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let field = find(&mut tx, id).await?;
    let kind = Kind::parse(&form.kind).filter(|kind| *kind != field.kind).or_404()?;
    let said = if retype::people(&mut tx, &field).await? > retype::AT_ONCE {
        let org = tx.org();
        let job = RetypeField { field: id.0, kind: form.kind, currency: form.currency };
        let order = Order { key: Some(&id.to_string()), ..Order::default() };
        jobs::enqueue(tx.conn(), org, &job, order).await.map_err(anyhow::Error::from)?;
        tx.record(Entry::new("fields.retype_ordered").on("field", id, &field.label), now).await?;
        Some(format!("“{}” is being changed for very many people. It takes a minute or two.", field.label))
    } else {
        retype::apply(&mut tx, id, (kind, &form.currency), now).await?
    };
    tx.commit().await?;
    match said {
        Some(said) => flash::say(&scope.session, &said).await?,
        None => flash::say_error(&scope.session, "It holds too many different values to be changed.").await?,
    }
    Ok(back(&scope, &format!("/{id}")))
}
