//! How campaigns leave: one message built, signed, handed to a mail server, and what comes back understood.
//!
//! Owns nothing; holds no state but open connections. Whoever sends keeps the ledger.
//!
//! - [`address`]: an address as servers read it
//! - [`message`]: one e-mail, right for others to read
//! - [`dkim`]: signatures, keys, and what to publish for them
//! - [`smtp`]: connections to mail servers, and handing over in two steps
//! - [`replies`]: what a server's answer means
//! - [`bounces`]: what comes back later by mail
//! - [`inbound`]: the small server that it comes back to

pub mod address;
pub mod bounces;
pub mod dkim;
pub mod inbound;
pub mod message;
pub mod replies;
pub mod smtp;
