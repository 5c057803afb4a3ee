//! Secrets: making them, deriving one from another, keeping them.
//!
//! Master keys (32 octets each, from the configuration or from a file in the data folder) never do any
//! work themselves: every purpose has its own key derived from one, so that a value made for one door
//! opens no other.
//!
//! - [`keys`]: the master keys and the keys derived from them
//! - [`key_file`]: where master keys are kept when they are not configured
//! - [`token`]: random values for links and cookies, of which only a hash is stored
//! - [`sealed`]: values that must be read again, encrypted at rest
//! - [`data_key`]: a key for one owner's values, itself sealed with a master key

mod cipher;
pub mod data_key;
pub mod key_file;
pub mod keys;
pub mod sealed;
pub mod token;

pub use cipher::SealError;
pub use data_key::DataKey;
pub use keys::{KeyId, Keys, Purpose};
pub use token::Token;
