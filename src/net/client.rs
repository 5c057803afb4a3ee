//! Sending, within limits.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, header};
use rustls::pki_types::CertificateDer;

use super::{
    Answer, Destination, Error, Kind, Request,
    resolver::{Guard, Resolve, System},
    target::{Rules, Target},
    transport::Transport,
};
use crate::config::{Config, PrivateHosts};

/// What one request may cost us.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From waiting for a permit to the last byte, redirects included.
    pub total: Duration,
    pub connect: Duration,
    /// Bytes of body, after unpacking.
    pub body: usize,
    pub redirects: usize,
    /// Requests to each kind of destination at a time.
    pub permits: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(10),
            connect: Duration::from_secs(5),
            body: 10 * 1024 * 1024,
            redirects: 3,
            permits: 64,
        }
    }
}

/// What a client is made of. Tests put something else in one of its places.
#[derive(Clone)]
pub struct Setup {
    pub limits: Limits,
    pub private_hosts: PrivateHosts,
    pub resolver: Arc<dyn Resolve>,
    /// Ports that a tenant's address may name beside those of the web.
    pub further_ports: Vec<u16>,
    /// Authorities to believe beside the usual ones.
    pub further_roots: Vec<CertificateDer<'static>>,
}

impl Setup {
    pub fn of(config: &Config) -> Self {
        Self {
            limits: Limits::default(),
            private_hosts: config.allowed_private_hosts.clone(),
            resolver: Arc::new(System),
            further_ports: Vec::new(),
            further_roots: Vec::new(),
        }
    }
}

/// Sends requests. Made once; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    tenant: Transport,
    operator: Transport,
    rules: Rules,
    limits: Limits,
}

impl Client {
    pub fn new(setup: Setup) -> Self {
        let transport = |destination| {
            let guard = Guard {
                inner: Arc::clone(&setup.resolver),
                destination,
                private_hosts: setup.private_hosts.clone(),
            };
            Transport::new(guard, &setup.limits, &setup.further_roots)
        };
        let (tenant, operator) = (transport(Destination::Tenant), transport(Destination::Operator));
        let rules = Rules { private_hosts: setup.private_hosts, further_ports: setup.further_ports };
        Self(Arc::new(Inner { tenant, operator, rules, limits: setup.limits }))
    }

    /// Sends it and reads the answer. An answer with any status is an answer; see [`Error`] for the rest.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        let target = Target::read(&request.url, request.destination, &self.0.rules)?;
        let origin = target.origin();
        let sent = tokio::time::timeout(self.0.limits.total, self.0.exchange(target, request));
        sent.await.unwrap_or_else(|_| {
            let detail = format!("no whole answer within {:?}", self.0.limits.total);
            Err(Error::new(Kind::TooSlow, &origin, &detail))
        })
    }
}

impl Inner {
    fn transport(&self, destination: Destination) -> &Transport {
        match destination {
            Destination::Tenant => &self.tenant,
            Destination::Operator => &self.operator,
        }
    }

    /// One permit for the whole way, of the kind that the request began as.
    async fn exchange(&self, mut target: Target, mut request: Request) -> Result<Answer, Error> {
        let permits = &self.transport(request.destination).permits;
        let _permit = permits.acquire().await.map_err(|error| unusable(&target, &error.to_string()))?;
        let mut redirects = 0;
        loop {
            let response = self.once(&target, &request).await?;
            let origin = target.origin();
            let Some(next) = self.redirected(&target, &request, &response)? else {
                return Answer::read(response, request.keeps, self.limits.body, &origin).await;
            };
            redirects += 1;
            if redirects > self.limits.redirects {
                return Err(Error::new(Kind::Redirect, &origin, "too many redirects"));
            }
            if next.url.origin() != target.url.origin() {
                request.headers = for_strangers(&request.headers);
            }
            target = next;
        }
    }

    async fn once(&self, target: &Target, request: &Request) -> Result<reqwest::Response, Error> {
        let http = self.transport(target.destination).http.as_ref().map_err(|why| unusable(target, why))?;
        let sending = http
            .request(request.method.clone(), target.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone());
        sending.send().await.map_err(|error| Error::of(error, &target.origin()))
    }

    /// Where this answer leads, if it does and we follow. Who wrote it is a stranger.
    fn redirected(
        &self,
        target: &Target,
        request: &Request,
        response: &reqwest::Response,
    ) -> Result<Option<Target>, Error> {
        let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
        let Some(location) =
            response.headers().get(header::LOCATION).filter(|_| request.follows && is_redirect)
        else {
            return Ok(None);
        };
        let refused = |detail: String| Error::new(Kind::Redirect, &target.origin(), &detail);
        let location = location.to_str().map_err(|error| refused(error.to_string()))?;
        let url = target.url.join(location).map_err(|error| refused(error.to_string()))?;
        let is_home = url.origin() == target.url.origin();
        let destination = if is_home { target.destination } else { Destination::Tenant };
        Target::of(url, destination, &self.rules).map(Some).map_err(|error| refused(error.to_string()))
    }
}

fn unusable(target: &Target, why: &str) -> Error {
    Error::new(Kind::Unreachable, &target.origin(), why)
}

/// Keys and cookies were meant for the first host alone.
fn for_strangers(headers: &HeaderMap) -> HeaderMap {
    let kept = [header::ACCEPT, header::ACCEPT_LANGUAGE];
    headers
        .iter()
        .filter(|(name, _)| kept.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
