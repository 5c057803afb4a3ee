//! Another password, given the present one.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{routes::show, sign_in_again, tell};
use crate::{
    accounts::{CurrentDevice, CurrentUser, password, reset, session::Auth, sign_in},
    web::{App, FieldErrors, Form, Result, csrf::FormToken},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordForm {
    current_password: String,
    password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

pub(super) async fn update(
    current: CurrentUser,
    mut auth: Auth,
    device: CurrentDevice,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let mut errors = FieldErrors::default();
    if !sign_in::confirms(&app, &device, current.user.id, &form.current_password).await? {
        errors.add("current_password", "That is not your present password.");
    } else if let Some(complaint) =
        password::complaint(&form.password, &[&current.user.email, &current.user.name])
    {
        errors.add("password", &complaint);
    }
    if !errors.is_empty() {
        return show(&app, &current, &token, String::new(), false, errors).await;
    }
    let hash = password::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    reset::set_password(&mut tx, current.user.id, &hash, app.clock.now()).await?;
    tell(&mut tx, &app, &current.user, "your password was changed.").await?;
    tx.commit().await?;
    let said = "Your password is changed. Every other device is signed out.";
    let jar = sign_in_again(&app, &mut auth, &device, &current.user, said).await?;
    Ok((jar, Redirect::to("/account/security")).into_response())
}
