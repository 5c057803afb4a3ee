//! `/account/sessions`.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use data_encoding::HEXLOWER;
use tower_sessions::Session;

use super::{SignedIn, queries};
use crate::{
    accounts::{CurrentUser, User, frame, session_store::id_hash},
    web::{App, Error, OrNotFound, Result, Routes, Shell, View, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::account()
        .get("/account/sessions", index)
        .post("/account/sessions/others/delete", delete_others)
        .post("/account/sessions/{key}/delete", delete)
}

#[derive(Template)]
#[template(path = "accounts/sessions/index.html")]
struct Index {
    shell: Shell,
    user: User,
    sessions: Vec<SignedIn>,
}

async fn index(current: CurrentUser, State(app): State<App>, token: FormToken) -> Result<Response> {
    let sessions =
        queries::of_user(&app.db, current.user.id, &this(&current.session), app.clock.now()).await?;
    let shell = frame(&app, &current, &token, "sessions").await?;
    Ok(View(Index { shell, user: current.user, sessions }).into_response())
}

async fn delete(current: CurrentUser, State(app): State<App>, Path(key): Path<String>) -> Result<Response> {
    let hash = HEXLOWER.decode(key.as_bytes()).ok().or_404()?;
    if !queries::delete(&app.db, current.user.id, &hash).await? {
        return Err(Error::NotFound);
    }
    if hash == this(&current.session) {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    flash::say(&current.session, "That device is signed out.").await?;
    Ok(Redirect::to("/account/sessions").into_response())
}

async fn delete_others(current: CurrentUser, State(app): State<App>) -> Result<Response> {
    let ended = queries::delete_others(&app.db, current.user.id, &this(&current.session)).await?;
    let said = match ended {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "One other device is signed out.".to_owned(),
        n => format!("{n} other devices are signed out."),
    };
    flash::say(&current.session, &said).await?;
    Ok(Redirect::to("/account/sessions").into_response())
}

/// The hash of the session that asks.
fn this(session: &Session) -> Vec<u8> {
    session.id().map(|id| id_hash(&id)).unwrap_or_default()
}
