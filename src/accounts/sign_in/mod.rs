//! Signing in: password, then the second factor where there is one, then a fresh session.

pub mod next;
mod queries;
pub mod routes;
mod views;

use axum_extra::extract::cookie::Cookie;

use super::{
    CurrentDevice, User, UserId, password,
    session::{self, ADDRESS, Auth, DEVICE},
    throttle,
};
use crate::{
    email_address::EmailAddress,
    web::{App, Error, Result},
};

/// Signs somebody in who has proven who they are, in a session with a new id and nothing of an earlier
/// one in it. Gives the cookie that marks this browser as theirs.
pub async fn complete(
    app: &App,
    auth: &mut Auth,
    user: &User,
    device: &CurrentDevice,
) -> Result<Cookie<'static>> {
    // Whoever planted the session that this browser came with knows the id of an ended one.
    session::renew(&auth.session).await?;
    auth.login(user).await.map_err(|error| anyhow::anyhow!("signing in failed: {error}"))?;
    auth.session.insert(DEVICE, &device.words).await.map_err(anyhow::Error::from)?;
    auth.session.insert(ADDRESS, device.address.0.to_string()).await.map_err(anyhow::Error::from)?;
    Ok(CurrentDevice::mark(app, user.id))
}

/// The person whose address and password these are, within the limits on guessing.
///
/// Takes as long, and answers alike, whether the address has an account or not.
pub(super) async fn by_password(
    app: &App,
    device: &CurrentDevice,
    email: &str,
    typed: &str,
) -> Result<Option<User>> {
    let now = app.clock.now();
    let from = throttle::charge_address(&app.db, throttle::SIGN_IN_FROM, device.address, now).await?;
    let email = EmailAddress::parse(email);
    let found = match &email {
        Some(email) => queries::by_email(&app.db, email).await?,
        None => None,
    };
    // A crowd of strangers that uses the account's guesses up keeps its owner's own browser from nothing.
    let known = found.as_ref().and_then(|found| device.known_to(app, found.user.id));
    let to = match known.or(email.as_ref().map(EmailAddress::as_str)) {
        Some(whom) => Some(throttle::charge(&app.db, throttle::SIGN_IN_TO, whom, now).await?),
        None => None,
    };
    let stored = found.as_ref().map(|found| found.password_hash.clone());
    if !password::verify(app, typed, stored).await? {
        return Ok(None);
    }
    for charged in [Some(from), to].into_iter().flatten() {
        throttle::give_back(&app.db, &charged).await?;
    }
    Ok(found.map(|found| found.user))
}

/// Whether this is the person's password; guesses count as guesses at signing in.
pub async fn confirms(app: &App, device: &CurrentDevice, user: UserId, typed: &str) -> Result<bool> {
    let charged = throttle::charge(&app.db, throttle::SIGN_IN_TO, &user.to_string(), app.clock.now()).await?;
    let from =
        throttle::charge_address(&app.db, throttle::SIGN_IN_FROM, device.address, app.clock.now()).await?;
    let stored = queries::password_hash(&app.db, user).await?.ok_or(Error::SignedOut)?;
    let fits = password::verify(app, typed, Some(stored)).await?;
    if fits {
        throttle::give_back(&app.db, &charged).await?;
        throttle::give_back(&app.db, &from).await?;
    }
    Ok(fits)
}
