//! One way out for each kind of destination.
//!
//! They share neither connections, or a tenant's request could go over one that only an operator may
//! open, nor permits, or webhooks to slow servers would hold up the installation's own providers.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use tokio::sync::Semaphore;

use super::{client::Limits, resolver::Guard};

/// An idle connection is kept for the next message to the same place.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_PER_HOST: usize = 4;
const HEADERS: usize = 100;

pub(super) struct Transport {
    /// Why there is none, which no machine has shown yet.
    pub http: Result<reqwest::Client, String>,
    pub permits: Semaphore,
}

impl Transport {
    pub(super) fn new(guard: Guard, limits: &Limits, further_roots: &[CertificateDer<'static>]) -> Self {
        let http = build(guard, limits, further_roots).map_err(|error| format!("{error:#}"));
        Self { http, permits: Semaphore::new(limits.permits) }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the client comes from")]
fn build(
    guard: Guard,
    limits: &Limits,
    further_roots: &[CertificateDer<'static>],
) -> anyhow::Result<reqwest::Client> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in further_roots {
        roots.add(root.clone())?;
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::ClientBuilder::new()
        .tls_backend_preconfigured(tls)
        .dns_resolver(guard)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .user_agent(concat!("Groundswell/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .http1_max_headers(HEADERS)
        .connect_timeout(limits.connect)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_PER_HOST);
    client.build().context("The HTTP client cannot be made")
}
