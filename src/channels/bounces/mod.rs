//! What comes back by mail after a server had accepted a message: notices of failure (RFC 3464) and
//! complaints (RFC 5965).
//!
//! Anybody can write such a mail. What counts is the token in it: only we can make one ([`verp`]), and it
//! names the message. A notice without one is read all the same, for people to look at.
//!
//! - [`verp`]: return addresses that say which message came back
//! - [`notice`]: reading the mail

pub mod notice;
pub mod verp;

pub use notice::{Bounce, Kind, read};
pub use verp::{Token, Verp};
