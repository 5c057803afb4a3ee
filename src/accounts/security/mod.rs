//! How a person signs in: their password, their address, their second factor.
//!
//! Every change asks for the current password, ends all sessions, signs this browser in anew and tells
//! the person by mail.

pub mod email;
pub mod password_change;
mod queries;
pub mod routes;
pub mod two_factor_change;
mod views;

use axum_extra::extract::CookieJar;
use sqlx::PgConnection;

use super::{CurrentDevice, User, mails, session::Auth, sign_in};
use crate::{
    email_address::EmailAddress,
    mail,
    web::{App, Error, Result, flash},
};

/// Tells the person what was changed, in the transaction that changed it.
async fn tell(conn: &mut PgConnection, app: &App, user: &User, what: &str) -> Result<()> {
    let to = EmailAddress::parse(&user.email).ok_or(Error::NotFound)?;
    let message = mails::changed(app, &to, &user.name, what)?;
    mail::send(conn, app, message, &uuid::Uuid::now_v7().to_string()).await
}

/// Signs this browser in again, after every session was ended, and says what was done on the next page.
async fn sign_in_again(
    app: &App,
    auth: &mut Auth,
    device: &CurrentDevice,
    user: &User,
    said: &str,
) -> Result<CookieJar> {
    let fresh = super::queries::enabled_user(&app.db, user.id).await?.ok_or(Error::SignedOut)?;
    let mark = sign_in::complete(app, auth, &fresh, device).await?;
    flash::say(&auth.session, said).await?;
    Ok(CookieJar::new().add(mark))
}
