//! `/forgot` and `/reset/{token}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use sqlx::{Acquire, PgConnection};

use super::{complete, queries, views};
use crate::{
    accounts::{
        CurrentDevice, User,
        mailed_link::{self, Kind, Link, NewLink},
        mails, password,
        session::{Auth, renew},
        throttle,
    },
    crypto::Token,
    email_address::EmailAddress,
    mail,
    web::{App, Error, FieldErrors, Form, Result, Routes, View, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::public()
        .get("/forgot", new)
        .post("/forgot", create)
        .get("/reset/{token}", edit)
        .post("/reset/{token}", update)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ForgotForm {
    email: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

async fn new(token: FormToken) -> Response {
    View(views::Asked::new(&token, String::new(), FieldErrors::default())).into_response()
}

async fn create(
    State(app): State<App>,
    device: CurrentDevice,
    token: FormToken,
    Form(form): Form<ForgotForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let Some(email) = EmailAddress::parse(&form.email) else {
        let errors = FieldErrors::on("email", "That does not look like an e-mail address.");
        let page = View(views::Asked::new(&token, form.email, errors));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    throttle::charge_address(&app.db, throttle::MAIL_FROM, device.address, app.clock.now()).await?;
    send(&app, &email).await?;
    Ok(View(views::Sent::new(&token, &email)).into_response())
}

/// Mails the link to the stored address, if there is one and it was not written to often of late.
///
/// For an address without an account the same work is done, in as long a time: a link that leads nowhere
/// is stored, and the mail taken back before anybody sees it.
async fn send(app: &App, email: &EmailAddress) -> Result<()> {
    let now = app.clock.now();
    if !throttle::allows(&app.db, throttle::MAIL_TO, email.as_str(), now).await? {
        return Ok(());
    }
    let recipient = queries::recipient(&app.db, email).await?;
    let stored = recipient.as_ref().and_then(|recipient| EmailAddress::parse(&recipient.email));
    let to = stored.as_ref().unwrap_or(email);
    let (user, kind) = match &recipient {
        Some(recipient) => (Some(recipient.id), Kind::Reset),
        None => (None, Kind::SignUp),
    };
    let mut tx = app.db.begin().await?;
    let token = mailed_link::make(
        &mut tx,
        &NewLink { kind, user, email: to, name: "", workspace_name: "", workspace_kind: "direct" },
        now,
    )
    .await?;
    let message = mails::reset(app, to, recipient.as_ref().map_or("", |recipient| &recipient.name), &token)?;
    let mut mailing = tx.begin().await?;
    mail::send(&mut mailing, app, message, &data_encoding::HEXLOWER.encode(&token.hash())).await?;
    match recipient {
        Some(_) => mailing.commit().await?,
        None => mailing.rollback().await?,
    }
    tx.commit().await?;
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ResetForm {
    password: String,
    #[serde(rename = "_csrf")]
    csrf: String,
}

async fn pending(app: &App, link: &Token) -> Result<Link> {
    mailed_link::queries::find(&app.db, Kind::Reset, link, app.clock.now()).await?.ok_or(Error::Gone)
}

async fn edit(State(app): State<App>, token: FormToken, Path(link): Path<String>) -> Result<Response> {
    let pending = pending(&app, &Token::from_visitor(&link)).await?;
    Ok(View(views::Edit::new(&token, &link, &pending.email, FieldErrors::default())).into_response())
}

async fn update(
    State(app): State<App>,
    auth: Auth,
    jar: CookieJar,
    token: FormToken,
    Path(link): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response> {
    token.check(&form.csrf)?;
    let secret = Token::from_visitor(&link);
    let pending = pending(&app, &secret).await?;
    if let Some(complaint) = password::complaint(&form.password, &[&pending.email]) {
        let errors = FieldErrors::on("password", &complaint);
        let page = View(views::Edit::new(&token, &link, &pending.email, errors));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = password::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    let user = complete(&mut tx, &secret, &hash, app.clock.now()).await?.ok_or(Error::Gone)?;
    tell(&mut tx, &app, &user).await?;
    tx.commit().await?;
    // Signing in with it is a step of its own: a second factor is asked for as ever.
    renew(&auth.session).await?;
    flash::say(&auth.session, "Your password is changed. Sign in with it.").await?;
    // Whoever reads the person's mail is let past a crowd that guesses at their password.
    Ok((jar.add(CurrentDevice::mark(&app, user.id)), Redirect::to("/sign-in")).into_response())
}

/// Tells the person, in case it was not they who read their mail.
async fn tell(conn: &mut PgConnection, app: &App, user: &User) -> Result<()> {
    let to = EmailAddress::parse(&user.email).ok_or(Error::NotFound)?;
    let message =
        mails::changed(app, &to, &user.name, "your password was changed by a link sent to this address.")?;
    mail::send(conn, app, message, &uuid::Uuid::now_v7().to_string()).await
}
