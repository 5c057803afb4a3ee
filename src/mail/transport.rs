//! The mail server that the system's own mail leaves by.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{Error, PoolConfig},
};
use secrecy::{ExposeSecret, SecretString};

/// How long the server may take over one step of the conversation.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to the configured server. Cheap to clone; one is enough for what a system says.
#[derive(Clone)]
pub struct Transport {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it (2xx to the final dot).
    Taken,
    /// The server asks for another try later (4xx).
    Later(String),
    /// The server will not take it (5xx).
    Refused(String),
    /// There was no conversation to its end: nothing is known about the next message either.
    Unreachable(String),
}

impl Transport {
    pub fn new(url: &SecretString) -> Result<Self, Error> {
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(2))
            .build();
        Ok(Self { smtp })
    }

    pub async fn deliver(&self, from: &Address, to: &Address, source: &[u8]) -> Outcome {
        let envelope = match Envelope::new(Some(from.clone()), vec![to.clone()]) {
            Ok(envelope) => envelope,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        match self.smtp.send_raw(&envelope, source).await {
            Ok(_) => Outcome::Taken,
            Err(error) if error.is_permanent() => Outcome::Refused(in_one_line(&error)),
            Err(error) if error.is_transient() => Outcome::Later(in_one_line(&error)),
            Err(error) => Outcome::Unreachable(in_one_line(&error)),
        }
    }

    /// Says hello to the server, for the check of an installation. `Err` says what is wrong.
    pub async fn greet(&self) -> Result<(), String> {
        match self.smtp.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it answered, but would not talk".to_owned()),
            Err(error) => Err(in_one_line(&error)),
        }
    }
}

/// The error and what caused it, without line ends: a server may answer anything.
fn in_one_line(error: &Error) -> String {
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !line.contains(&said) {
            line = format!("{line}: {said}");
        }
        cause = error.source();
    }
    line.replace(char::is_control, " ").chars().take(500).collect()
}
