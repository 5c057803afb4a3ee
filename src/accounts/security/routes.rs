//! `/account/security`: the page, and what its forms are sent to.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{email, password_change, two_factor_change, views};
use crate::{
    accounts::{CurrentUser, frame, two_factor},
    web::{App, FieldErrors, Result, Routes, View, csrf::FormToken},
};

pub fn routes() -> Routes {
    Routes::account()
        .get("/account/security", index)
        .post("/account/security/password", password_change::update)
        .post("/account/security/email", email::create)
        .get("/account/email/{token}", email::confirm)
        .post("/account/email/{token}", email::update)
        .get("/account/security/two-factor", two_factor_change::new)
        .post("/account/security/two-factor", two_factor_change::create)
        .post("/account/security/two-factor/codes", two_factor_change::renew_codes)
        .post("/account/security/two-factor/delete", two_factor_change::delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SecurityQuery {
    /// `two-factor` when a workspace sent the person here.
    required: String,
}

async fn index(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    Query(query): Query<SecurityQuery>,
) -> Result<Response> {
    let is_required = query.required == "two-factor";
    show(&app, &current, &token, String::new(), is_required, FieldErrors::default()).await
}

/// The page with what is wrong beside the fields; `new_email` as it was typed.
pub(super) async fn show(
    app: &App,
    current: &CurrentUser,
    token: &FormToken,
    new_email: String,
    is_required: bool,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let codes_left = two_factor::recovery_codes_left(app, current.user.id).await?;
    let shell = frame(app, current, token, "security").await?;
    let page = views::Security {
        shell,
        email: current.user.email.clone(),
        has_two_factor: current.user.has_two_factor,
        codes_left,
        is_required,
        new_email,
        errors,
    };
    Ok((status, View(page)).into_response())
}
