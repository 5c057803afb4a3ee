//! `/w/{org}/contacts/duplicates`: who may be one person, looking again, and saying that two are two.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};

use super::{look, queries, views};
use crate::{
    audit::Entry,
    contacts::{ContactId, EditContacts, ViewContacts},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, OrNotFound, Result, Routes, View, Wants, flash},
};

/// Pairs on the page; the rest follows when these are decided.
const SHOWN: i64 = 50;

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/duplicates", index)
        .post("/contacts/duplicates/look", order)
        .post("/contacts/duplicates/{low}/{high}/dismiss", dismiss)
        .post("/contacts/duplicates/{low}/{high}/restore", restore)
}

async fn index(scope: Scope<ViewContacts>, State(app): State<App>, wants: Wants) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let (pairs, look) = (queries::pairs(&mut tx, None, SHOWN).await?, queries::look(&mut tx).await?);
    drop(tx);
    let (contacts, me) = (scope.member.link("/contacts"), scope.member.user.clone());
    let list = views::List { contacts, pairs, look, may_edit: scope.member.may::<EditContacts>(), me };
    if wants == Wants::Part {
        return Ok(View(views::Standing { list }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index { shell, list }).into_response())
}

fn back(scope: &Scope<EditContacts>) -> Response {
    Redirect::to(&scope.member.link("/contacts/duplicates")).into_response()
}

async fn order(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    look::order(&app, &mut tx).await.map_err(anyhow::Error::from)?;
    let entry = Entry::new("duplicates.looked_for").on("contacts", tx.org(), "Contacts");
    tx.record(entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(back(&scope))
}

async fn dismiss(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, low, high)): Path<(String, ContactId, ContactId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let (one, other) = decide(&scope, (low, high), Some(now), now).await?;
    let undo = scope.member.link(&format!("/contacts/duplicates/{low}/{high}/restore"));
    let said = format!("{one} and {other} are two people. They are not shown together again.");
    flash::say_with_undo(&scope.session, &said, undo).await?;
    Ok(back(&scope))
}

async fn restore(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, low, high)): Path<(String, ContactId, ContactId)>,
) -> Result<Response> {
    let (one, other) = decide(&scope, (low, high), None, app.clock.now()).await?;
    flash::say(&scope.session, &format!("{one} and {other} may be one person again.")).await?;
    Ok(back(&scope))
}

/// Writes down what somebody said about two, and gives what they are called.
async fn decide(
    scope: &Scope<EditContacts>,
    (low, high): (ContactId, ContactId),
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(String, String)> {
    let mut tx = scope.enter().await?;
    let (one, other) = queries::dismiss(&mut tx, (low, high), at, scope.member.user.id.0).await?.or_404()?;
    let action = if at.is_some() { "duplicates.dismissed" } else { "duplicates.restored" };
    let after = serde_json::json!({ "other": high, "other_name": other });
    tx.record(Entry::new(action).on("contact", low, &one).after(after), now).await?;
    tx.commit().await?;
    Ok((one, other))
}
