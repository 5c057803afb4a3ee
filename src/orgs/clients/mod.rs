//! The clients of an agency: adding one, how each is doing, and who can enter it right now and why.
//!
//! Whatever is done to a client from here is done inside of it, with what the person may do there
//! (`Scope::in_client`); a client that they may not enter does not exist for them.

pub mod access;
mod access_page;
mod inviting;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// A client as the console lists it.
#[derive(Clone, Debug)]
pub struct Client {
    pub organization_id: Uuid,
    pub slug: String,
    pub name: String,
    pub hue: i16,
    pub role_name: String,
    /// Whether the person enters it through the agency, without a membership of their own.
    pub is_through_agency: bool,
    pub people: i64,
    pub invited: i64,
    pub last_change_at: Option<DateTime<Utc>>,
    /// What the list is sorted by.
    pub sort_value: String,
}

/// After so long without a change, somebody should look.
const QUIET: TimeDelta = TimeDelta::days(30);

impl Client {
    /// How it is doing: the tone of its badge, and words.
    pub fn health(&self, now: DateTime<Utc>) -> (&'static str, &'static str) {
        match self.last_change_at {
            Some(at) if now - at < QUIET => ("ok", "Active"),
            Some(_) => ("warn", "Quiet for 30 days"),
            None => ("plain", "Nothing done yet"),
        }
    }

    pub fn initials(&self) -> String {
        crate::accounts::user::initials(&self.name)
    }
}
