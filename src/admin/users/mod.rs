//! The people of the installation: who they are, and shutting one out of all of it.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Somebody who has an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub has_two_factor: bool,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// How many browsers they are signed in with.
    pub sessions: i64,
}

impl Person {
    pub fn initials(&self) -> String {
        crate::accounts::user::initials(&self.name)
    }

    /// Whether they can sign in: a tone and words.
    pub fn standing(&self) -> (&'static str, &'static str) {
        if self.disabled_at.is_some() { ("bad", "Shut out") } else { ("ok", "Can sign in") }
    }
}

/// Where somebody is a member.
#[derive(Clone, Debug)]
pub struct Place {
    pub organization_id: Uuid,
    pub name: String,
    pub kind: String,
    pub role_name: String,
    pub status: String,
    pub since: DateTime<Utc>,
}
