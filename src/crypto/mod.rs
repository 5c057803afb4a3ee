//! Secrets: making them, deriving one from another, keeping them.
//!
//! One master key (32 octets, from the configuration or from a file in the data folder) never does
//! any work itself: every purpose has its own key derived from it, so that a value made for one door
//! opens no other.
//!
//! - [`keys`]: the master key and the keys derived from it
//! - [`token`]: random values for links and cookies, of which only a hash is stored
//! - [`sealed`]: values that must be read again, encrypted at rest

pub mod keys;
pub mod sealed;
pub mod token;

pub use keys::{Keys, Purpose};
pub use token::Token;
