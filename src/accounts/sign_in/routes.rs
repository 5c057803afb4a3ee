//! `/sign-in`, `/sign-in/code` and `/sign-out`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{CookieJar, Query};
use axum_login::AuthUser;
use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{by_password, complete, next::safe, views};
use crate::{
    accounts::{
        self, CurrentDevice, User, UserId,
        session::{self, Auth, renew},
        two_factor,
    },
    web::{App, FieldErrors, Form, Result, Routes, View, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::public()
        .get("/sign-in", new)
        .post("/sign-in", create)
        .get("/sign-in/code", new_code)
        .post("/sign-in/code", create_code)
        .post("/sign-out", delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    pub email: String,
    pub password: String,
    pub next: String,
    #[serde(rename = "_csrf")]
    pub csrf: String,
}

/// Somebody whose password was right and whose code is awaited, and where they wanted to go.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Half {
    user: UserId,
    /// What a session of theirs proves: half of signing in outlives no change of how they do it.
    proof: String,
    next: String,
    /// Seconds since 1970.
    since: i64,
}

const HALF: &str = "half_signed_in";
/// How long a code may take.
const HALF_LASTS: TimeDelta = TimeDelta::minutes(5);

async fn new(
    auth: Auth,
    State(app): State<App>,
    token: FormToken,
    Query(form): Query<SignInForm>,
) -> Response {
    let next = safe(&form.next).to_owned();
    if auth.user.is_some() {
        return Redirect::to(&next).into_response();
    }
    let mut page = views::SignIn::new(&app, &token, SignInForm { next, ..form }, FieldErrors::default());
    page.shell.flash = flash::take(&auth.session).await;
    View(page).into_response()
}

async fn create(
    State(app): State<App>,
    mut auth: Auth,
    device: CurrentDevice,
    token: FormToken,
    jar: CookieJar,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let next = safe(&form.next).to_owned();
    let Some(user) = by_password(&app, &device, &form.email, &form.password).await? else {
        let errors = FieldErrors::on("password", "Address and password do not belong together.");
        let page = views::SignIn::new(&app, &token, SignInForm { next, ..form }, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
    };
    if user.has_two_factor {
        let half = Half { user: user.id, proof: proof(&user), next, since: app.clock.now().timestamp() };
        begin_half(&auth.session, &half).await?;
        return Ok(Redirect::to("/sign-in/code").into_response());
    }
    let mark = complete(&app, &mut auth, &user, &device).await?;
    Ok((jar.add(mark), Redirect::to(&next)).into_response())
}

async fn begin_half(session: &Session, half: &Half) -> Result<()> {
    renew(session).await?;
    session.insert(HALF, half).await.map_err(anyhow::Error::from)?;
    Ok(())
}

fn proof(user: &User) -> String {
    HEXLOWER.encode(user.session_auth_hash())
}

/// Whose code is awaited in this session, if it has not been too long.
async fn awaited(app: &App, session: &Session) -> Result<Option<Half>> {
    let half: Option<Half> = session.get(HALF).await.map_err(anyhow::Error::from)?;
    let oldest = (app.clock.now() - HALF_LASTS).timestamp();
    Ok(half.filter(|half| half.since >= oldest))
}

/// The same, with the person as they are now.
async fn half_signed_in(app: &App, session: &Session) -> Result<Option<(User, Half)>> {
    let Some(half) = awaited(app, session).await? else { return Ok(None) };
    let user = accounts::queries::enabled_user(&app.db, half.user).await?;
    Ok(user.filter(|user| proof(user) == half.proof).map(|user| (user, half)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeForm {
    code: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

async fn new_code(State(app): State<App>, auth: Auth, token: FormToken) -> Result<Response> {
    if awaited(&app, &auth.session).await?.is_none() {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    Ok(View(views::Code::new(&token, FieldErrors::default())).into_response())
}

async fn create_code(
    State(app): State<App>,
    mut auth: Auth,
    device: CurrentDevice,
    token: FormToken,
    jar: CookieJar,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let Some((user, half)) = half_signed_in(&app, &auth.session).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if !two_factor::check(&app, user.id, &form.code).await? {
        let errors = FieldErrors::on("code", "That code does not fit. Codes change every 30 seconds.");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(views::Code::new(&token, errors))).into_response());
    }
    let mark = complete(&app, &mut auth, &user, &device).await?;
    Ok((jar.add(mark), Redirect::to(&half.next)).into_response())
}

async fn delete(State(app): State<App>, mut auth: Auth) -> Result<Response> {
    auth.logout().await.map_err(|error| anyhow::anyhow!("signing out failed: {error}"))?;
    // The session layer takes its cookie back without `Secure`, which browsers ignore for a __Host- name.
    let over = CookieJar::new().add(session::cookie_over(&app));
    Ok((over, Redirect::to("/sign-in")).into_response())
}
