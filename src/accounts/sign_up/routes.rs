//! `/sign-up` and the page behind the mailed link. What that page is sent to is `orgs::founding`'s.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{SignUpForm, choose_password, pending, queries, views};
use crate::{
    accounts::{
        CurrentDevice,
        mailed_link::{self, Kind, NewLink},
        mails, throttle,
    },
    crypto::Token,
    email_address::EmailAddress,
    mail,
    web::{App, FieldErrors, Form, Result, Routes, Shell, View, csrf::FormToken},
};

pub fn routes() -> Routes {
    Routes::public().get("/sign-up", new).post("/sign-up", create).get("/sign-up/{token}", accept)
}

async fn new(State(app): State<App>, token: FormToken) -> Result<Response> {
    if !app.config.sign_up_open {
        return Ok(closed(&token));
    }
    Ok(View(views::Asked::new(&token, SignUpForm::default(), FieldErrors::default())).into_response())
}

fn closed(token: &FormToken) -> Response {
    (StatusCode::NOT_FOUND, View(views::Closed { shell: Shell::visitor(token.value()) })).into_response()
}

async fn create(
    State(app): State<App>,
    device: CurrentDevice,
    token: FormToken,
    Form(form): Form<SignUpForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    if !app.config.sign_up_open {
        return Ok(closed(&token));
    }
    let (form, email) = match form.check() {
        Ok(checked) => checked,
        Err(errors) => {
            let page = View(views::Asked::new(&token, form, errors));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    throttle::charge_address(&app.db, throttle::MAIL_FROM, device.address, app.clock.now()).await?;
    send(&app, &form, &email).await?;
    Ok(View(views::Sent::new(&token, &email)).into_response())
}

/// Mails the link, or the news that there is an account. Says nothing when the address was written to
/// often of late: whoever floods somebody's mailbox is not told that it works no more.
async fn send(app: &App, form: &SignUpForm, email: &EmailAddress) -> Result<()> {
    let now = app.clock.now();
    if !throttle::allows(&app.db, throttle::MAIL_TO, email.as_str(), now).await? {
        return Ok(());
    }
    let has_account = queries::has_account(&app.db, email).await?;
    let mut tx = app.db.begin().await?;
    let new = NewLink {
        kind: Kind::SignUp,
        user: None,
        email,
        name: &form.name,
        workspace_name: &form.workspace,
        workspace_kind: form.kind(),
    };
    let token = mailed_link::make(&mut tx, &new, now).await?;
    // The same work either way; the link to an account that exists already is forgotten with its token.
    let message = if has_account {
        mails::already_signed_up(app, email)?
    } else {
        mails::sign_up(app, email, &form.name, &token)?
    };
    mail::send(&mut tx, app, message, &data_encoding::HEXLOWER.encode(&token.hash())).await?;
    tx.commit().await?;
    Ok(())
}

async fn accept(State(app): State<App>, token: FormToken, Path(link): Path<String>) -> Result<Response> {
    let link = Token::from_visitor(&link);
    let pending = pending(&app, &link).await?;
    Ok(choose_password(&pending, &link, &token, FieldErrors::default()))
}
