//! `/w/{org}/contacts/{contact}/tags`: the tags of one person.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    TagId, called_or_made,
    wearing::{self, By},
};
use crate::{
    contacts::{
        ContactId, EditContacts,
        changes::{
            self, Kind,
            ordering::{Ordered, Target, Whom, order},
        },
        record,
    },
    tenancy::Scope,
    web::{App, Error, Form, OrNotFound, Result, Routes, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .post("/contacts/{contact}/tags", put_on)
        .post("/contacts/{contact}/tags/{tag}/remove", take_off)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WearForm {
    /// What the tag is called; it is made when there is none.
    tag: String,
}

async fn put_on(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<WearForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let page = Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response();
    let mut tx = scope.enter().await?;
    record::find(&mut tx, id).await?.or_404()?;
    let tag = match called_or_made(&mut tx, &form.tag, now).await? {
        Ok(tag) => tag,
        Err(told) => {
            flash::say_error(&scope.session, &told).await?;
            return Ok(page);
        }
    };
    let user = &scope.member.user;
    let by = By { source: &user.name, person: Some(user.id.0) };
    let came = wearing::put_on(&mut tx, tag, &[id.0], by, now).await?.or_404()?;
    tx.commit().await?;
    if came.is_empty() {
        flash::say(&scope.session, "They have this tag already.").await?;
    }
    Ok(page)
}

async fn take_off(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, tag)): Path<(String, ContactId, TagId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    record::find(&mut tx, id).await?.or_404()?;
    let name = super::name(&mut tx, tag).await?.or_404()?;
    let target = Target { key: tag.to_string(), name };
    let (what, whom) = ((Kind::Untag, &target), [id.0]);
    let ordered = order(&mut tx, scope.member.user.id.0, what, Whom::These(&whom), app.clock.now()).await?;
    let Ordered::Done(change) = ordered else { return Err(Error::NotFound) };
    let said = changes::said(&mut tx, change).await?.or_404()?;
    tx.commit().await?;
    let undo = scope.member.link(&format!("/contacts/changes/{change}/undo"));
    flash::say_with_undo(&scope.session, &said, undo).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}
