//! What an address may look like, before anybody is asked where it leads.

use url::{Host, Url};

use super::{Destination, Error, Kind, address::is_public};
use crate::config::PrivateHosts;

/// What a tenant's address may name: the ports at which the web is served. With any other we could be
/// made to knock at databases and mail servers of the whole world.
const WEB: &[u16] = &[80, 443, 8080, 8443];
/// Below this, ports belong to services with names (RFC 6335).
const UNNAMED: u16 = 1024;
/// More than any browser keeps.
const LONGEST: usize = 8192;

/// An address that keeps the rules for who wrote it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub url: Url,
    pub destination: Destination,
}

/// What is not in the address, but in the installation.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub private_hosts: PrivateHosts,
    pub further_ports: Vec<u16>,
}

/// Whether a tenant may write this, as far as can be seen without asking anybody: for a form that keeps it.
pub fn check(url: &str) -> Result<(), Error> {
    Target::read(url, Destination::Tenant, &Rules::default()).map(|_| ())
}

impl Target {
    pub(super) fn read(typed: &str, destination: Destination, rules: &Rules) -> Result<Self, Error> {
        let refused = |detail: &str| Error::new(Kind::NotAWebAddress, "", detail);
        // Readers of addresses differ about what these mean; the one that we check with must not be the
        // only one that takes them for nothing.
        if typed.len() > LONGEST || typed.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(refused("too long, or with characters that addresses do not have"));
        }
        let url = Url::parse(typed).map_err(|error| refused(&error.to_string()))?;
        Self::of(url, destination, rules)
    }

    pub(super) fn of(url: Url, destination: Destination, rules: &Rules) -> Result<Self, Error> {
        let origin = url.origin().ascii_serialization();
        let refused = |kind: Kind, detail: String| Err(Error::new(kind, &origin, &detail));
        if !matches!(url.scheme(), "http" | "https") {
            return refused(Kind::NotAWebAddress, format!("{} is no scheme of the web", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused(Kind::UserInfo, "a name or password in the address".to_owned());
        }
        let is_private = match (url.host(), destination) {
            (None, _) => return refused(Kind::NotAWebAddress, "no host".to_owned()),
            (Some(_), Destination::Tenant) => false,
            (Some(Host::Domain(name)), Destination::Operator) => rules.private_hosts.names(name),
            (Some(Host::Ipv4(address)), Destination::Operator) => {
                rules.private_hosts.contains(address.into())
            }
            (Some(Host::Ipv6(address)), Destination::Operator) => {
                rules.private_hosts.contains(address.into())
            }
        };
        let port = url.port_or_known_default().unwrap_or_default();
        let is_good_port = match destination {
            Destination::Tenant => WEB.contains(&port) || rules.further_ports.contains(&port),
            Destination::Operator => WEB.contains(&port) || port >= UNNAMED || is_private,
        };
        if !is_good_port {
            return refused(Kind::Port, format!("port {port}"));
        }
        // A resolver is asked about names only: an address in figures has to be looked at here.
        let figures = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        match figures {
            Some(address) if !is_private && !is_public(address) => {
                refused(Kind::PrivateAddress, format!("{address} is not of the public internet"))
            }
            _ => Ok(Self { url, destination }),
        }
    }

    /// Scheme, host and port: what a log may hold. Paths and queries have secrets in them.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}
