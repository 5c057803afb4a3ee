//! Who an organization's campaigns are from, which domains vouch for them, and which server takes them.
//!
//! Owns `sender_identities`, `sending_domains` and `mail_servers`. Always true: a private key and a password
//! are secrets of the organization, and no page shows them again; a campaign of a domain whose keys we hold
//! is signed with both of them.
//!
//! - [`route`]: all that a campaign needs to know about its way out

mod permissions;
pub mod route;

pub use permissions::EditSenders;
pub use route::{Route, Way};

crate::id!(
    /// A name and an address that campaigns are from.
    SenderId
);
