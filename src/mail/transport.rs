//! The mail server that the system's own mail leaves by.

use lettre::{AsyncSmtpTransport, Tokio1Executor};

/// Whether `url` names a mail server.
pub fn check(url: &str) -> Result<(), lettre::transport::smtp::Error> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(drop)
}
