//! `/w/{org}/deals/{deal}/people`: finding and adding a contact, making one the primary one, taking one out.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{add, queries};
use crate::{
    audit::Entry,
    contacts::ContactId,
    deals::{
        Deal, DealId, EditDeals,
        deal::{contact_named, locked},
    },
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/deals/{deal}/people", join)
        .post("/deals/{deal}/people/{contact}/primary", promote)
        .post("/deals/{deal}/people/{contact}/remove", remove)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct JoinForm {
    contact: String,
}

async fn join(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DealId)>,
    Form(form): Form<JoinForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let deal = locked(&mut tx, id).await?.or_404()?;
    let contact: ContactId = form.contact.parse().ok().or_404()?;
    let name = contact_named(&mut tx, contact).await?.or_404()?;
    if add(&mut tx, &deal, (contact, &name), app.clock.now()).await? {
        tx.commit().await?;
        flash::say(&scope.session, &format!("Added {name} to this deal.")).await?;
    }
    Ok(back(&scope, id))
}

fn back(scope: &Scope<EditDeals>, id: DealId) -> Response {
    Redirect::to(&scope.member.link(&format!("/deals/{id}"))).into_response()
}

fn entry(action: &'static str, deal: &Deal, name: &str) -> Entry {
    Entry::new(action).on("deal", deal.id, &deal.name).after(json!({ "contact": name }))
}

async fn promote(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id, contact)): Path<(String, DealId, ContactId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let deal = locked(&mut tx, id).await?.or_404()?;
    let name = contact_named(&mut tx, contact).await?.or_404()?;
    queries::demote(&mut tx, id).await?;
    queries::promote(&mut tx, id, contact).await?.then_some(()).or_404()?;
    tx.record(entry("deals.primary_changed", &deal, &name), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("{name} is the primary contact now.")).await?;
    Ok(back(&scope, id))
}

async fn remove(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id, contact)): Path<(String, DealId, ContactId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let deal = locked(&mut tx, id).await?.or_404()?;
    let name = contact_named(&mut tx, contact).await?.or_404()?;
    let was_primary = queries::remove(&mut tx, id, contact).await?.or_404()?;
    if was_primary {
        queries::promote_first(&mut tx, id).await?;
    }
    let left = Entry::new("deals.contact_removed").on("deal", deal.id, &deal.name);
    tx.record(left.before(json!({ "contact": name })), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("{name} is not with this deal any more.")).await?;
    Ok(back(&scope, id))
}
