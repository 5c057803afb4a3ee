//! `/w/{org}/settings/sending`: who campaigns are from, which domains are signed for, which server sends.

use super::{
    DomainId, EditSenders, SenderId,
    domains::{self, DomainForm},
    identities::{self, SenderForm},
    own_server::{self, ServerForm},
    queries, trying, views,
};
use crate::{
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get(PAGE, show)
        .post("/settings/sending/senders", add_sender)
        .get("/settings/sending/senders/{sender}", show_sender)
        .post("/settings/sending/senders/{sender}", change_sender)
        .post("/settings/sending/senders/{sender}/archive", archive_sender)
        .post("/settings/sending/domains", add_domain)
        .post("/settings/sending/domains/{domain}/remove", remove_domain)
        .post("/settings/sending/server", keep_server)
        .post("/settings/sending/server/try", try_server)
        .post("/settings/sending/server/remove", remove_server)
}

const PAGE: &str = "/settings/sending";

async fn show(scope: Scope<EditSenders>, State(app): State<App>) -> Result<Response> {
    page(&app, &scope, views::Typed::default()).await
}

/// The page, with what was typed into one of its forms and what is wrong with it.
async fn page(app: &App, scope: &Scope<EditSenders>, typed: views::Typed) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let (senders, domains) = (queries::senders(&mut tx).await?, queries::domains(&mut tx).await?);
    let server = queries::server(&mut tx).await?;
    let way = super::way_in_words(app, &mut tx).await?;
    drop(tx);
    let status = status(&typed.errors);
    let kept = views::Kept { senders, domains, server, way };
    let page = views::Sending::new(frame(app, scope, "settings").await?, &scope.member, kept, typed);
    Ok((status, stays(status), View(page)).into_response())
}

/// A form that is refused leaves the address as it is: the one it was sent to shows nothing by itself.
fn stays(status: StatusCode) -> Option<[(&'static str, &'static str); 1]> {
    (status != StatusCode::OK).then_some([("hx-push-url", "false")])
}

fn status(errors: &FieldErrors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn back(scope: &Scope<EditSenders>, told: &str) -> Result<Response> {
    flash::say(&scope.session, told).await?;
    Ok(Redirect::to(&scope.member.link(PAGE)).into_response())
}

async fn add_sender(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Form(form): Form<SenderForm>,
) -> Result<Response> {
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(errors) => return page(&app, &scope, views::Typed::sender(form, errors)).await,
    };
    let mut tx = scope.enter().await?;
    if let Err(errors) = identities::add(&mut tx, &checked, app.clock.now()).await? {
        drop(tx);
        return page(&app, &scope, views::Typed::sender(form, errors)).await;
    }
    tx.commit().await?;
    back(&scope, &format!("Campaigns can be from “{}” now.", checked.name)).await
}

async fn show_sender(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Path((_, id)): Path<(String, SenderId)>,
) -> Result<Response> {
    let sender = sender(&scope, id).await?;
    let form =
        SenderForm { name: sender.name.clone(), reply_to: sender.reply_to.clone(), ..SenderForm::default() };
    sender_page(&app, &scope, (sender, form), FieldErrors::default()).await
}

/// One that can still be chosen.
async fn sender(scope: &Scope<EditSenders>, id: SenderId) -> Result<queries::KeptSender> {
    let found = queries::sender(&mut scope.enter().await?, id).await?;
    found.filter(|sender| !sender.is_archived).or_404()
}

async fn sender_page(
    app: &App,
    scope: &Scope<EditSenders>,
    (sender, form): (queries::KeptSender, SenderForm),
    errors: FieldErrors,
) -> Result<Response> {
    let status = status(&errors);
    let page = views::Sender {
        shell: frame(app, scope, "settings").await?,
        path: scope.member.link(PAGE),
        sender,
        form,
        errors,
    };
    Ok((status, View(page)).into_response())
}

async fn change_sender(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Path((_, id)): Path<(String, SenderId)>,
    Form(form): Form<SenderForm>,
) -> Result<Response> {
    let former = sender(&scope, id).await?;
    let checked = match form.check_change(&former.email) {
        Ok(checked) => checked,
        Err(errors) => return sender_page(&app, &scope, (former, form), errors).await,
    };
    let mut tx = scope.enter().await?;
    if let Err(errors) = identities::change(&mut tx, (id, &former), &checked, app.clock.now()).await? {
        drop(tx);
        return sender_page(&app, &scope, (former, form), errors).await;
    }
    tx.commit().await?;
    back(&scope, &format!("Saved “{}”.", checked.name)).await
}

async fn archive_sender(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Path((_, id)): Path<(String, SenderId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let name = identities::archive(&mut tx, id, app.clock.now()).await?.or_404()?;
    tx.commit().await?;
    back(&scope, &format!("Nobody can choose “{name}” any more. What was sent in its name keeps it.")).await
}

async fn add_domain(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Form(form): Form<DomainForm>,
) -> Result<Response> {
    let domain = match form.check() {
        Ok(domain) => domain,
        Err(errors) => return page(&app, &scope, views::Typed::domain(form, errors)).await,
    };
    let taken = || FieldErrors::on("domain", "This domain is here already, with its records.");
    if queries::keys_of(&mut scope.enter().await?, &domain).await?.is_some() {
        return page(&app, &scope, views::Typed::domain(form, taken())).await;
    }
    let keys = domains::make(&domain).await?;
    let mut tx = scope.enter().await?;
    if !domains::add(&app, &mut tx, (&domain, scope.member.user.id), &keys).await? {
        drop(tx);
        return page(&app, &scope, views::Typed::domain(form, taken())).await;
    }
    tx.commit().await?;
    back(
        &scope,
        &format!("Made two keys for {domain}. Publish their records, and its mail is proven to be yours."),
    )
    .await
}

async fn remove_domain(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DomainId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let domain = domains::remove(&mut tx, id, app.clock.now()).await?.or_404()?;
    tx.commit().await?;
    back(&scope, &format!("Mail from {domain} is not signed any more. Its keys are gone.")).await
}

async fn keep_server(
    scope: Scope<EditSenders>,
    State(app): State<App>,
    Form(form): Form<ServerForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let former = queries::server(&mut tx).await?;
    let checked = match form.check(former.as_ref(), &app.config.allowed_private_hosts) {
        Ok(checked) => checked,
        Err(errors) => {
            drop(tx);
            return page(&app, &scope, views::Typed::server(form, errors)).await;
        }
    };
    let by = scope.member.user.id;
    own_server::keep(&app, &mut tx, (&checked, &form.password, by), former.as_ref()).await?;
    tx.commit().await?;
    back(&scope, &format!("Campaigns leave by {} from now on. Try it before you send.", checked.host)).await
}

async fn try_server(scope: Scope<EditSenders>, State(app): State<App>) -> Result<Response> {
    match trying::try_it(&app, &scope).await? {
        Ok(()) => back(&scope, "The server answered and took us in. It can be sent with.").await,
        Err(words) => {
            flash::say_error(&scope.session, &words).await?;
            Ok(Redirect::to(&scope.member.link(PAGE)).into_response())
        }
    }
}

/// Asked for twice, it is done once.
async fn remove_server(scope: Scope<EditSenders>, State(app): State<App>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    own_server::remove(&app, &mut tx).await?;
    let way = super::way_in_words(&app, &mut tx).await?;
    tx.commit().await?;
    back(&scope, &format!("Your server is forgotten, with its password. Mail leaves another way now: {way}."))
        .await
}
