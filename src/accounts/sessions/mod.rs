//! Where a person is signed in, and ending that.

mod queries;
pub mod routes;

use chrono::{DateTime, Utc};

/// One browser in which the person is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The hash of the session's id, as its name in the list.
    pub key: String,
    pub device: String,
    pub address: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub is_this: bool,
}
