//! `/w/{org}/people/invite` and `/w/{org}/people/invitations`: asking people in, and taking it back.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{As, addresses, charge, invite, queries, send, views};
use crate::{
    audit::Entry,
    email_address::EmailAddress,
    orgs::{
        EditMembers,
        frame::frame,
        roles::{self, Giver},
    },
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/people/invite", new)
        .post("/people/invite", create)
        .get("/people/invitations", index)
        .post("/people/invitations/{id}/resend", resend)
        .post("/people/invitations/{id}/withdraw", withdraw)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct InviteForm {
    emails: String,
    role: String,
}

async fn new(scope: Scope<EditMembers>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, InviteForm::default(), FieldErrors::default()).await
}

async fn page(
    app: &App,
    scope: &Scope<EditMembers>,
    form: InviteForm,
    errors: FieldErrors,
) -> Result<Response> {
    let all = roles::all(&mut scope.enter().await?).await?;
    let giver = Giver::new(&scope.member, &all);
    // The least first: whoever does not choose gives little.
    let given = all.iter().filter(|role| giver.may_give(role)).rev();
    let page = views::New {
        shell: frame(app, scope, "people").await?,
        org: scope.member.access.slug.clone(),
        roles: given.map(|role| (role.id.to_string(), role.name.clone())).collect(),
        emails: form.emails,
        role: form.role,
        errors,
    };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, View(page)).into_response())
}

async fn create(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    let emails = match addresses(&form.emails) {
        Ok(emails) => emails,
        Err(errors) => return page(&app, &scope, form, errors).await,
    };
    if let Err(errors) = invite(&app, &scope, &emails, As::Id(&form.role)).await? {
        return page(&app, &scope, form, errors).await;
    }
    let said = match emails.as_slice() {
        [one] => format!("Invited {one}. The mail is on its way."),
        all => format!("Invited {} people. The mails are on their way.", all.len()),
    };
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link("/people/invitations")).into_response())
}

async fn index(scope: Scope<EditMembers>, State(app): State<App>) -> Result<Response> {
    let invitations = queries::open(&mut scope.enter().await?).await?;
    let page = views::Index {
        shell: frame(&app, &scope, "people").await?,
        org: scope.member.access.slug.clone(),
        invitations,
        now: app.clock.now(),
        me: scope.member.user.clone(),
    };
    Ok(View(page).into_response())
}

/// A new link in a new mail; the one before it is worth nothing from now on.
async fn resend(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let invitation = queries::open(&mut tx).await?.into_iter().find(|one| one.id == id).or_404()?;
    let all = roles::all(&mut tx).await?;
    let role = all.iter().find(|role| role.id == invitation.role_id).or_404()?;
    let back = Redirect::to(&scope.member.link("/people/invitations"));
    if !Giver::new(&scope.member, &all).may_give(role) {
        let told = format!("“{}” may do more than you, so you cannot invite anybody as it.", role.name);
        flash::say_error(&scope.session, &told).await?;
        return Ok(back.into_response());
    }
    let email = EmailAddress::parse(&invitation.email).or_404()?;
    charge(&app, scope.member.org().0, std::slice::from_ref(&email)).await?;
    send(&app, &scope, &mut tx, (&email, role.id, &role.name)).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Sent {email} a new link. The one before it opens nothing now."))
        .await?;
    Ok(back.into_response())
}

async fn withdraw(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let email = queries::withdraw(&mut tx, id, now).await?.or_404()?;
    let withdrawn = Entry::new("invitations.withdrawn").on("invitation", id, &email);
    let [before, after] = ["open", "withdrawn"].map(|state| json!({ "state": state }));
    tx.record(withdrawn.before(before).after(after), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Withdrew the invitation of {email}. Its link opens nothing now."))
        .await?;
    Ok(Redirect::to(&scope.member.link("/people/invitations")).into_response())
}
