//! How axum-login finds the person of a session.

use axum_login::{AuthnBackend, UserId as IdOf};

use super::{User, queries};
use crate::db::Db;

#[derive(Clone, Debug)]
pub struct Backend {
    db: Db,
}

impl Backend {
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Proving who one is takes several steps, each with limits of its own, and happens in `sign_in`;
/// axum-login is only told the outcome. There are no credentials to hand to it.
#[derive(Clone, Debug)]
pub enum NoCredentials {}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = NoCredentials;
    type Error = sqlx::Error;

    async fn authenticate(&self, never: NoCredentials) -> Result<Option<User>, sqlx::Error> {
        match never {}
    }

    /// `None` for somebody who was disabled or removed: their sessions end with the next request.
    async fn get_user(&self, id: &IdOf<Self>) -> Result<Option<User>, sqlx::Error> {
        queries::enabled_user(&self.db, *id).await
    }
}
