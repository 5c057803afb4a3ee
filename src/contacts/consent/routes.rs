//! `/w/{org}/settings/topics` and `/w/{org}/settings/suppressions`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use data_encoding::HEXLOWER;
use serde::Deserialize;

use super::{TopicId, add_topic, queries, views};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts, contact::tidy},
    email_address::EmailAddress,
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/topics", topics)
        .post("/settings/topics", create_topic)
        .post("/settings/topics/{topic}/archive", archive_topic)
        .get("/settings/suppressions", suppressions)
        .post("/settings/suppressions", suppress)
        .post("/settings/suppressions/{hash}/release", release)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TopicForm {
    name: String,
    description: String,
}

async fn topics(scope: Scope<ViewContacts>, State(app): State<App>) -> Result<Response> {
    topics_page(&app, &scope, TopicForm::default(), FieldErrors::default()).await
}

async fn topics_page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    form: TopicForm,
    errors: FieldErrors,
) -> Result<Response> {
    let topics = queries::topics(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Topics {
        shell: frame(app, scope, "settings").await?,
        path: scope.member.link("/settings/topics"),
        topics,
        may_edit: scope.member.may::<EditContacts>(),
        typed_name: form.name,
        description: form.description,
        errors,
    };
    Ok((status, View(page)).into_response())
}

async fn create_topic(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<TopicForm>,
) -> Result<Response> {
    let (name, description) = (tidy(&form.name), tidy(&form.description));
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 120 {
        errors.add("name", "Give the topic a name of up to 120 characters.");
    }
    if description.chars().count() > 500 {
        errors.add("description", "Please keep this under 500 characters.");
    }
    if !errors.is_empty() {
        return topics_page(&app, &scope, form, errors).await;
    }
    let mut tx = scope.enter().await?;
    if add_topic(&mut tx, (&name, &description), app.clock.now()).await?.is_none() {
        drop(tx);
        return topics_page(&app, &scope, form, FieldErrors::on("name", "Another topic has that name."))
            .await;
    }
    tx.commit().await?;
    flash::say(&scope.session, &format!("Added the topic “{name}”.")).await?;
    Ok(Redirect::to(&scope.member.link("/settings/topics")).into_response())
}

async fn archive_topic(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, TopicId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let name = queries::archive_topic(&mut tx, id, now).await?.or_404()?;
    tx.record(Entry::new("topics.archived").on("topic", id, &name), now).await?;
    tx.commit().await?;
    flash::say(
        &scope.session,
        &format!("Nobody can choose “{name}” any more. What people said about it stays."),
    )
    .await?;
    Ok(Redirect::to(&scope.member.link("/settings/topics")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SuppressionQuery {
    q: String,
}

async fn suppressions(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Query(query): Query<SuppressionQuery>,
) -> Result<Response> {
    suppressions_page(&app, &scope, query.q, (String::new(), FieldErrors::default())).await
}

async fn suppressions_page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    q: String,
    (address, errors): (String, FieldErrors),
) -> Result<Response> {
    let begins = q.trim().to_lowercase();
    let suppressed = queries::suppressions(&mut scope.enter().await?, &begins).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Suppressions {
        shell: frame(app, scope, "settings").await?,
        path: scope.member.link("/settings/suppressions"),
        suppressed,
        may_edit: scope.member.may::<EditContacts>(),
        me: scope.member.user.clone(),
        q,
        address,
        errors,
    };
    Ok((status, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SuppressForm {
    address: String,
}

async fn suppress(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<SuppressForm>,
) -> Result<Response> {
    let Some(email) = EmailAddress::parse(&form.address) else {
        let errors = FieldErrors::on("address", "That does not look like an e-mail address.");
        return suppressions_page(&app, &scope, String::new(), (form.address, errors)).await;
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    if super::suppress(&mut tx, email.as_str(), ("manual", ""), now).await? {
        tx.record(Entry::new("suppressions.added").on("address", "", email.as_str()), now).await?;
    }
    tx.commit().await?;
    flash::say(&scope.session, &format!("Nothing is sent to {email} any more.")).await?;
    Ok(Redirect::to(&scope.member.link("/settings/suppressions")).into_response())
}

async fn release(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, hash)): Path<(String, String)>,
) -> Result<Response> {
    let hash = HEXLOWER.decode(hash.as_bytes()).ok().or_404()?;
    let mut tx = scope.enter().await?;
    let address = queries::release(&mut tx, &hash).await?.or_404()?;
    super::tell_of(&mut tx, &address).await?;
    tx.record(Entry::new("suppressions.released").on("address", "", &address), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("{address} may be written to again.")).await?;
    Ok(Redirect::to(&scope.member.link("/settings/suppressions")).into_response())
}
