//! Another address: asked for with the password, proven by the link sent there.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{queries, routes::show, sign_in_again, views};
use crate::{
    accounts::{
        CurrentDevice, CurrentUser, frame,
        mailed_link::{self, Kind, NewLink},
        mails,
        session::Auth,
        sign_in, throttle,
    },
    crypto::Token,
    email_address::EmailAddress,
    mail,
    web::{App, Error, FieldErrors, Form, Result, View, csrf::FormToken, flash},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EmailForm {
    new_email: String,
    email_password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

pub(super) async fn create(
    current: CurrentUser,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<EmailForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let email = EmailAddress::parse(&form.new_email).filter(|email| email.as_str() != current.user.email);
    let mut errors = FieldErrors::default();
    if email.is_none() {
        errors.add("new_email", "Type an e-mail address that is not the one you have.");
    }
    if !sign_in::confirms(&app, &device, current.user.id, &form.email_password).await? {
        errors.add("email_password", "That is not your password.");
    }
    let (Some(email), true) = (email, errors.is_empty()) else {
        return show(&app, &current, &token, form.new_email, false, errors).await;
    };
    send(&app, &current, &email).await?;
    flash::say(
        &current.session,
        &format!("We sent a link to {email}. Your address changes when you open it."),
    )
    .await?;
    Ok(Redirect::to("/account/security").into_response())
}

/// The link to the new address, and a word to the old one. An address that somebody else signs in with
/// gets no link, and nobody is told so.
async fn send(app: &App, current: &CurrentUser, email: &EmailAddress) -> Result<()> {
    let now = app.clock.now();
    throttle::charge(&app.db, throttle::MAIL_TO, email.as_str(), now).await?;
    let old = EmailAddress::parse(&current.user.email).ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    let new = NewLink {
        kind: Kind::ChangeEmail,
        user: Some(current.user.id),
        email,
        name: "",
        workspace_name: "",
        workspace_kind: "direct",
    };
    let link = mailed_link::make(&mut tx, &new, now).await?;
    let key = data_encoding::HEXLOWER.encode(&link.hash());
    if queries::is_free(&mut tx, email).await? {
        let message = mails::new_address(app, email, &current.user.name, &link)?;
        mail::send(&mut tx, app, message, &key).await?;
    }
    let message = mails::address_changing(app, &old, &current.user.name)?;
    mail::send(&mut tx, app, message, &format!("{key}-old")).await?;
    tx.commit().await?;
    Ok(())
}

/// The page behind the link. Only a button changes anything: mail scanners open links.
pub(super) async fn confirm(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    Path(link): Path<String>,
) -> Result<Response> {
    let secret = Token::from_visitor(&link);
    let pending = mailed_link::queries::find(&app.db, Kind::ChangeEmail, &secret, app.clock.now()).await?;
    let pending = pending.filter(|pending| pending.user_id == Some(current.user.id)).ok_or(Error::Gone)?;
    let shell = frame(&app, &current, &token, "security").await?;
    let page = views::ConfirmEmail { shell, action: format!("/account/email/{link}"), email: pending.email };
    Ok(View(page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    #[serde(rename = "_csrf")]
    csrf: String,
}

pub(super) async fn update(
    current: CurrentUser,
    mut auth: Auth,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    (Path(link), Form(form)): (Path<String>, Form<ConfirmForm>),
) -> Result<Response> {
    token.check(&form.csrf)?;
    let secret = Token::from_visitor(&link);
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let proven = mailed_link::queries::consume(&mut tx, Kind::ChangeEmail, &secret, now).await?;
    let proven = proven.filter(|proven| proven.user_id == Some(current.user.id)).ok_or(Error::Gone)?;
    let email = EmailAddress::parse(&proven.email).ok_or(Error::Gone)?;
    if !queries::set_email(&mut tx, current.user.id, &email, now).await? {
        return Err(Error::Gone);
    }
    tx.commit().await?;
    let said = format!("From now on you sign in with {email}. Every other device is signed out.");
    let jar = sign_in_again(&app, &mut auth, &device, &current.user, &said).await?;
    Ok((jar, Redirect::to("/account/security")).into_response())
}
