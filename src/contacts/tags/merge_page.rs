//! `/w/{org}/contacts/tags/{tag}/merge`: what merging a tag into another comes to, and doing it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    TagId,
    merging::{self, Merge},
    queries,
    routes::{back, find},
    views,
};
use crate::{
    contacts::EditContacts,
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, View, flash},
};

/// Which other tag.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MergeForm {
    /// The id of the tag that stays.
    into: String,
}

async fn merge_of(tx: &mut OrgTx, from: TagId, form: &MergeForm) -> Result<Option<Merge>> {
    match form.into.as_str() {
        "" => Ok(None),
        into => Ok(Some(merging::look(tx, from, into.parse().ok().or_404()?).await?.or_404()?)),
    }
}

pub(super) async fn look(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
    Query(form): Query<MergeForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let tag = find(&mut tx, id).await?;
    let merge = merge_of(&mut tx, id, &form).await?;
    let tags = queries::named(&mut tx).await?;
    drop(tx);
    let others = tags.into_iter().filter(|(other, _)| *other != id);
    let others = others.map(|(id, name)| (id.to_string(), name)).collect();
    let shell = frame(&app, &scope, "contacts").await?;
    let path = scope.member.link("/contacts/tags");
    Ok(View(views::Merging { shell, path, tag, others, into: form.into, merge }).into_response())
}

pub(super) async fn apply(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TagId)>,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let merge = merge_of(&mut tx, id, &form).await?.or_404()?;
    let said = merging::merge(&mut tx, &merge, app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, &said).await?;
    Ok(back(&scope))
}
