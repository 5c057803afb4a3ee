//! Turning the second factor on and off, and new recovery codes.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::{routes::show, sign_in_again, tell, views};
use crate::{
    accounts::{
        CurrentDevice, CurrentUser, frame,
        session::Auth,
        sign_in,
        two_factor::{self, Offer},
    },
    web::{App, FieldErrors, Form, Result, View, csrf::FormToken, safe_html::SafeHtml},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TurnOnForm {
    secret: String,
    code: String,
    two_factor_password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

pub(super) async fn new(current: CurrentUser, State(app): State<App>, token: FormToken) -> Result<Response> {
    if current.user.has_two_factor {
        return Ok(Redirect::to("/account/security").into_response());
    }
    offer(&app, &current, &token, &Offer::new(&current.user.email)?, FieldErrors::default()).await
}

/// The page with the picture to scan. The secret travels in the form: it is nobody's until it is confirmed.
async fn offer(
    app: &App,
    current: &CurrentUser,
    token: &FormToken,
    offer: &Offer,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, current, token, "security").await?;
    let picture = SafeHtml::drawn(offer.picture()?);
    Ok((status, View(views::TwoFactor { shell, picture, secret: offer.text.clone(), errors }))
        .into_response())
}

pub(super) async fn create(
    current: CurrentUser,
    mut auth: Auth,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<TurnOnForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let user = &current.user;
    let offered = Offer::again(&form.secret, &user.email)?;
    let code: String = form.code.chars().filter(char::is_ascii_digit).collect();
    let step = two_factor::step_of(&app, &offered.secret, user.id, &code)?;
    let mut errors = FieldErrors::default();
    if step.is_none() {
        errors.add("code", "That code does not fit. Type the one that your app shows now.");
    }
    if !sign_in::confirms(&app, &device, user.id, &form.two_factor_password).await? {
        errors.add("two_factor_password", "That is not your password.");
    }
    let (Some(step), true) = (step, errors.is_empty()) else {
        return offer(&app, &current, &token, &offered, errors).await;
    };
    let mut tx = app.db.begin().await?;
    let codes = two_factor::turn_on(&app, &mut tx, user.id, &offered.secret, step).await?;
    tell(&mut tx, &app, user, "two-factor sign-in was turned on.").await?;
    tx.commit().await?;
    let said = "Two-factor sign-in is on. Every other device is signed out.";
    let jar = sign_in_again(&app, &mut auth, &device, user, said).await?;
    codes_page(&app, &current, &token, jar, codes).await
}

/// The recovery codes, shown this once.
async fn codes_page(
    app: &App,
    current: &CurrentUser,
    token: &FormToken,
    jar: CookieJar,
    codes: Vec<String>,
) -> Result<Response> {
    let shell = frame(app, current, token, "security").await?;
    Ok((StatusCode::OK, jar, View(views::RecoveryCodes { shell, codes })).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    two_factor_password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

pub(super) async fn renew_codes(
    current: CurrentUser,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    if !current.user.has_two_factor {
        return Ok(Redirect::to("/account/security").into_response());
    }
    if !sign_in::confirms(&app, &device, current.user.id, &form.two_factor_password).await? {
        return not_the_password(&app, &current, &token).await;
    }
    let mut tx = app.db.begin().await?;
    let codes = two_factor::renew_recovery_codes(&mut tx, current.user.id).await?;
    tell(&mut tx, &app, &current.user, "your recovery codes were replaced.").await?;
    tx.commit().await?;
    codes_page(&app, &current, &token, CookieJar::new(), codes).await
}

pub(super) async fn delete(
    current: CurrentUser,
    mut auth: Auth,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    if !sign_in::confirms(&app, &device, current.user.id, &form.two_factor_password).await? {
        return not_the_password(&app, &current, &token).await;
    }
    let mut tx = app.db.begin().await?;
    two_factor::turn_off(&app, &mut tx, current.user.id).await?;
    tell(&mut tx, &app, &current.user, "two-factor sign-in was turned off.").await?;
    tx.commit().await?;
    let said = "Two-factor sign-in is off. Every other device is signed out.";
    let jar = sign_in_again(&app, &mut auth, &device, &current.user, said).await?;
    Ok((jar, Redirect::to("/account/security")).into_response())
}

async fn not_the_password(app: &App, current: &CurrentUser, token: &FormToken) -> Result<Response> {
    let errors = FieldErrors::on("two_factor_password", "That is not your password.");
    show(app, current, token, String::new(), false, errors).await
}
