//! HTTP to others: the one way out, and what it will not do.
//!
//! Addresses come from tenants (webhooks, pictures, feeds) and from whoever runs this installation (a
//! provider's base URL). Always true, whoever wrote the address:
//! - Only addresses of the public internet are connected to. They are looked at when the connection is
//!   made, not before: a name that answers differently the second time gains nothing.
//! - Only http and https, no name or password in the address, a port of the web.
//! - No redirect, unless it was asked for; then three at most, and each is looked at like the first.
//! - Ten seconds altogether, ten MiB of body after unpacking, a hundred headers; proxies named in the
//!   environment are not used.
//!
//! An [`Destination::Operator`] may lie on a private network if `GROUNDSWELL_ALLOWED_PRIVATE_HOSTS` names it. What a
//! redirect says was written by somebody else and is never an operator's.
//!
//! - [`client`]: sending, within limits
//! - [`request`], [`answer`]: what is sent, and what came back
//! - [`target`], [`address`], [`resolver`]: where we may go, by address as written and as connected to
//! - [`error`]: what went wrong, for the log and for people

pub mod address;
mod answer;
mod client;
mod error;
mod request;
pub mod resolver;
mod target;
mod transport;

pub use answer::Answer;
pub use client::{Client, Limits, Setup};
pub use error::{Error, Kind};
pub use request::Request;
pub use target::check;

/// Who wrote the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Anybody who uses this installation, or somebody else's redirect.
    Tenant,
    /// Whoever runs this installation, in its settings.
    Operator,
}
