//! What is kept in a session, and the layers that carry it.
//!
//! Little: who is signed in (axum-login's own key), from where, the active organization, a flash. Two
//! requests that save at once overwrite each other, so nothing that matters is kept here.

use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer,
    cookie::{Cookie, SameSite},
};

use super::{
    backend::Backend,
    session_store::{ABSOLUTE, PgSessionStore},
};
use crate::web::{App, Result};

/// The browser and system that signed in, in words.
pub const DEVICE: &str = "device";
/// The address that it signed in from.
pub const ADDRESS: &str = "address";
/// The slug of the organization last entered: where short addresses lead.
pub const ACTIVE_ORG: &str = "active_org";

/// The session of one request.
pub type Auth = axum_login::AuthSession<Backend>;

/// Ends this session and begins another, with nothing of the former in it, its id least of all.
///
/// Emptying alone does not do: the crate's `flush` forgets the data and keeps the id for what is put in
/// next, so that whoever planted it would know it still.
pub async fn renew(session: &Session) -> Result<()> {
    session.flush().await.map_err(anyhow::Error::from)?;
    session.cycle_id().await.map_err(anyhow::Error::from)?;
    Ok(())
}

/// What makes a browser forget the session's cookie.
pub fn cookie_over(app: &App) -> Cookie<'static> {
    Cookie::build((app.config.cookie_name("gw"), ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_https())
        .max_age(time::Duration::ZERO)
        .build()
}

/// Loads session and person. Only around routes that need them: each is a query.
pub fn layer(app: &App) -> AuthManagerLayer<Backend, PgSessionStore> {
    let store = PgSessionStore::new(app.db.clone(), app.clock.clone());
    let sessions = SessionManagerLayer::new(store)
        .with_name(app.config.cookie_name("gw"))
        .with_secure(app.config.is_https())
        .with_http_only(true)
        // Lax, not Strict: a link in a mail must find its reader signed in. Unsafe methods are guarded
        // by where they come from (tower_http::csrf).
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::days(ABSOLUTE.num_days())));
    AuthManagerLayerBuilder::new(Backend::new(app.db.clone()), sessions).build()
}
