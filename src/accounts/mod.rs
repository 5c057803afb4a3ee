//! People: who they are, how they prove it, and where they are signed in.
//!
//! Owns `users`, `user_profiles`, `user_avatars`, `recovery_codes`, `web_sessions`, `mailed_links` and
//! `throttles`; none of them belongs to an organization. Always true: there is no account whose address
//! was not proven; a session's id changes at every sign-in; whatever changes how a person signs in
//! raises their epoch, which ends all their sessions; the answer never tells whether an address has
//! an account.
//!
//! - [`user`]: a person, as every request knows them
//! - [`backend`]: how axum-login finds the person of a session
//! - [`session_store`], [`session`]: where sessions live, what is kept in them
//! - [`current_user`]: the person who is signed in, for handlers
//! - [`disabling`]: shutting somebody out of the whole installation
//! - [`expiry`]: sweeping out what has expired
//! - [`password`], [`two_factor`], [`throttle`]: proving who one is, and the limits on guessing

pub mod backend;
pub mod current_user;
mod dates;
pub mod device;
pub mod disabling;
pub mod expiry;
pub mod frame;
pub mod mailed_link;
mod mails;
pub mod password;
pub mod profile;
mod queries;
pub mod reset;
pub mod routes;
pub mod security;
pub mod session;
pub mod session_store;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod throttle;
pub mod two_factor;
pub mod user;

pub use current_user::CurrentUser;
pub use device::CurrentDevice;
pub use frame::{frame, shell_of};
pub use user::{User, UserId};

/// Every time zone, as pairs of its name and the same in words, for a select.
pub fn time_zones() -> Vec<(String, String)> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| (zone.name().to_owned(), zone.name().replace('_', " ")))
        .collect()
}
