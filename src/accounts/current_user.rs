//! The person who is signed in, for handlers.

use axum::{extract::FromRequestParts, http::request::Parts};
use tower_sessions::Session;

use super::{User, session::Auth};
use crate::web::Error;

/// Nobody signed in is answered with the sign-in page.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub user: User,
    pub session: Session,
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let auth: &Auth = parts.extensions.get().ok_or(Error::SignedOut)?;
        let user = auth.user.clone().ok_or(Error::SignedOut)?;
        Ok(Self { user, session: auth.session.clone() })
    }
}
