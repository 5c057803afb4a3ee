//! Handing messages to a mail server: RFC 5321 over connections that are kept, with pipelining.
//!
//! A message is handed over in two steps, so that a ledger can say in between that it is about to be:
//! 1. [`Connection::prepare`]: envelope and body, all but the dot that ends it. Until then nothing has
//!    happened: a server must forget a message that does not end.
//! 2. the caller commits `handing_over`, for every connection that is ready at once
//! 3. [`Ready::release`]: the dot, and what the server says to it
//!
//! Always true: of a message whose dot was not sent nothing is [`Outcome::Unknown`]; of one whose dot was
//! sent nothing is [`Outcome::NotTried`]. A line of one dot ends a message only where we say so; bodies
//! with a bare CR or LF, which servers read differently, are not sent at all. A password goes over an
//! encrypted connection, or to this machine, or nowhere.
//!
//! - [`server`]: where it is, and how it is spoken to
//! - [`pool`]: the connections to one server
//! - `opening`, `session`: from the greeting on; one message after the other
//! - `wire`, `stream`, [`reply`], `dots`: octets
//! - [`outcome`]: what became of a message

mod dots;
mod opening;
pub mod outcome;
pub mod pool;
pub mod reply;
pub mod server;
mod session;
mod stream;
mod wire;

pub use opening::OpenError;
pub use outcome::{Accepted, Outcome, Refusal, Step, Unfit};
pub use pool::{Connection, Limits, Pool, Prepared, Ready};
pub use reply::{Enhanced, Reply};
pub use server::{Credentials, Encryption, Server, Timeouts};
pub use session::Envelope;
