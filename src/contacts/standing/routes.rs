//! `/w/{org}/contacts/{contact}/standing/{fact}`: changing stage, lead status or owner in place.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Cause, Fact, members, put, queries};
use crate::{
    contacts::{
        ContactId, EditContacts,
        record::{Around, Trouble, find, page},
    },
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes},
};

pub fn routes() -> Routes {
    Routes::workspace().post("/contacts/{contact}/standing/{fact}", change)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StandingForm {
    /// A word of the vocabulary, or the id of a member; empty for nobody.
    to: String,
}

async fn change(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id, fact)): Path<(String, ContactId, String)>,
    Form(form): Form<StandingForm>,
) -> Result<Response> {
    let fact = Fact::called(&fact).or_404()?;
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx, id).await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let choices = fact.choices(&members(&mut tx).await?);
    if !choices.iter().any(|(key, _)| *key == form.to) {
        drop(tx);
        let trouble = Trouble::at(fact.key(), "Choose from the list: this is no longer in it.");
        return page(&app, &scope, around, id, trouble).await;
    }
    let cause = Cause { what: "staff", by: Some(scope.member.user.id.0), at: app.clock.now() };
    put(&mut tx, &contact, (fact, &form.to), cause).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}
