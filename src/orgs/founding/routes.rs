//! The last step of signing up: the password is chosen, and person and organization are made at once.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;

use super::{Founding, found};
use crate::{
    accounts::{
        CurrentDevice, password,
        session::Auth,
        sign_in,
        sign_up::{self, AcceptForm},
    },
    audit::Actor,
    crypto::Token,
    events,
    orgs::happened::WorkspaceFounded,
    tenancy::FoundingScope,
    web::{App, Error, Form, Result, Routes, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::public().post("/sign-up/{token}", create)
}

async fn create(
    State(app): State<App>,
    mut auth: Auth,
    device: CurrentDevice,
    token: FormToken,
    Path(link): Path<String>,
    Form(form): Form<AcceptForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let link = Token::from_visitor(&link);
    let pending = sign_up::pending(&app, &link).await?;
    let chosen = match form.check(&pending) {
        Ok(chosen) => chosen,
        Err(errors) => {
            let page = sign_up::choose_password(&pending, &link, &token, errors);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let password_hash = password::hash(&app, &chosen).await?;

    let founder = Actor::newcomer(&pending.name).at(device.address.0.to_string(), String::new());
    let mut tx = FoundingScope::new(app.db.clone(), founder).enter().await?;
    let now = app.clock.now();
    let accepted = sign_up::accept(tx.conn(), &link, &password_hash, now).await?.ok_or(Error::Gone)?;
    let founding = Founding {
        name: &accepted.workspace_name,
        kind: &accepted.workspace_kind,
        time_zone: "UTC",
        is_sample: false,
        founder: accepted.user.id,
    };
    let slug = found(&mut tx, &founding, now).await?;
    events::record(&mut tx, &WorkspaceFounded { kind: accepted.workspace_kind.clone() }).await?;
    tx.commit().await?;

    let mark = sign_in::complete(&app, &mut auth, &accepted.user, &device).await?;
    let welcome = match accepted.workspace_kind.as_str() {
        "agency" => "Welcome. This is your agency. Add your first client under Clients.",
        _ => "Welcome. This is your workspace.",
    };
    flash::say(&auth.session, welcome).await?;
    Ok((CookieJar::new().add(mark), Redirect::to(&format!("/w/{slug}"))).into_response())
}
