//! `/w/{agency}/clients/invite`: asking people into several clients at once.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{queries, routes::only_agencies, views};
use crate::{
    orgs::{
        EditClients, EditMembers,
        frame::frame,
        invitations::{As, addresses, invite},
        system_roles,
    },
    tenancy::Scope,
    web::{App, FieldErrors, Form, Result, Routes, View, flash, page::Going},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/clients/invite", new).post("/clients/invite", create)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct InviteForm {
    /// The slugs of the clients.
    client: Vec<String>,
    emails: String,
    /// The key of a role that every client has.
    role: String,
}

/// Clients that one form can name.
const MOST: usize = 20;

async fn new(scope: Scope<EditClients>, State(app): State<App>) -> Result<Response> {
    only_agencies(&scope.member)?;
    page(&app, &scope, InviteForm::default(), FieldErrors::default()).await
}

async fn page(
    app: &App,
    scope: &Scope<EditClients>,
    form: InviteForm,
    errors: FieldErrors,
) -> Result<Response> {
    let all = queries::Wanted { pattern: "%", cursor: None, going: Going::Forward };
    let clients = queries::page(&mut scope.enter().await?, scope.member.user.id, &all).await?;
    let roles = system_roles::of("client").iter().rev();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Invite {
        shell: frame(app, scope, "clients").await?,
        org: scope.member.access.slug.clone(),
        clients,
        ticked: form.client,
        emails: form.emails,
        role: form.role,
        roles: roles.map(|role| (role.key.to_owned(), role.name.to_owned())).collect(),
        errors,
    };
    Ok((status, View(page)).into_response())
}

/// Every client is entered, and allowed to be, before the first mail is written.
async fn create(
    scope: Scope<EditClients>,
    State(app): State<App>,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    let emails = match addresses(&form.emails) {
        Ok(emails) if (1..=MOST).contains(&form.client.len()) => emails,
        Ok(_) => {
            let errors = FieldErrors::on("client", &format!("Choose between 1 and {MOST} clients."));
            return page(&app, &scope, form, errors).await;
        }
        Err(errors) => return page(&app, &scope, form, errors).await,
    };
    let mut clients: Vec<Scope<EditMembers>> = Vec::new();
    for slug in &form.client {
        clients.push(scope.in_client(&app, slug).await?);
    }
    let mut done = Vec::new();
    for client in &clients {
        if let Err(mut errors) = invite(&app, client, &emails, As::Key(&form.role)).await? {
            let (here, so_far) = (&client.member.access.name, names(&done));
            errors.add("client", &format!("{here} was not invited into{so_far}."));
            return page(&app, &scope, form, errors).await;
        }
        done.push(client.member.access.name.clone());
    }
    let said = format!("Sent the invitations into {}.", done.join(", "));
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link("/clients")).into_response())
}

fn names(done: &[String]) -> String {
    if done.is_empty() { String::new() } else { format!("; these were: {}", done.join(", ")) }
}
