//! Where a mail server is, and how it is spoken to.

use std::{sync::Arc, time::Duration};

use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use secrecy::SecretString;

use crate::{config::PrivateHosts, net::Destination};

/// A mail server that takes our messages.
#[derive(Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub credentials: Option<Credentials>,
    /// What we call ourselves: the sending domain, or the host that our address leads back to.
    pub ehlo: String,
    pub timeouts: Timeouts,
    pub tls: Arc<ClientConfig>,
    /// Who wrote its name: a tenant's may not lead into a private network.
    pub destination: Destination,
    pub private_hosts: PrivateHosts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// For a server on this machine or its network. No password leaves this machine over it.
    None,
    /// Begins in the clear and must become encrypted before anything is said.
    StartTls,
    /// From the first octet on, usually port 465.
    Tls,
}

#[derive(Clone)]
pub struct Credentials {
    pub username: String,
    pub password: SecretString,
}

/// How long each step may take. RFC 5321 §4.5.3.2 allows minutes; a connection that takes them is better
/// given up, for the message stays in the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    pub greeting: Duration,
    /// EHLO, MAIL, RCPT and the like.
    pub command: Duration,
    pub data_start: Duration,
    /// The body, all of it.
    pub data_block: Duration,
    /// From the dot to its answer. Giving up here leaves a message unknown, so this one is long.
    pub data_end: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            greeting: Duration::from_secs(30),
            command: Duration::from_secs(60),
            data_start: Duration::from_secs(60),
            data_block: Duration::from_secs(90),
            data_end: Duration::from_secs(300),
        }
    }
}

/// Whom to believe about certificates: the roots of the web, and further ones.
pub fn tls(further: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in further {
        roots.add(root.clone())?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
