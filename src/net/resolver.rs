//! From names to the addresses that may be connected to.
//!
//! A connection is made to an address out of the answer that was looked at here, and to no other: nobody
//! asks a second time.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve as ReqwestResolve, Resolving};

use super::{Destination, address::is_public};
use crate::config::PrivateHosts;

/// Somebody who knows names.
#[async_trait]
pub trait Resolve: Send + Sync {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// Names as this machine knows them.
#[derive(Clone, Copy, Debug)]
pub struct System;

#[async_trait]
impl Resolve for System {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// Why a name led nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum Nowhere {
    #[error("it leads to {0}, which is not of the public internet")]
    Private(IpAddr),
    #[error("it has no addresses")]
    Empty,
    #[error("it was not found: {0}")]
    Unknown(io::Error),
}

/// Hands on the addresses that may be connected to, and no others.
#[derive(Clone)]
pub(super) struct Guard {
    pub inner: Arc<dyn Resolve>,
    pub destination: Destination,
    pub private_hosts: PrivateHosts,
}

impl Guard {
    async fn allowed(&self, host: &str) -> Result<Vec<IpAddr>, Nowhere> {
        let found = self.inner.resolve(host).await.map_err(Nowhere::Unknown)?;
        let is_operators = self.destination == Destination::Operator;
        if is_operators && self.private_hosts.names(host) {
            return if found.is_empty() { Err(Nowhere::Empty) } else { Ok(found) };
        }
        let may =
            |address: &IpAddr| is_public(*address) || (is_operators && self.private_hosts.contains(*address));
        let (allowed, refused): (Vec<_>, Vec<_>) = found.into_iter().partition(may);
        match (allowed.is_empty(), refused.first()) {
            (false, _) => Ok(allowed),
            (true, Some(address)) => Err(Nowhere::Private(*address)),
            (true, None) => Err(Nowhere::Empty),
        }
    }
}

/// The addresses of a host that speaks something else than HTTP, of which any may be connected to.
pub async fn allowed(
    host: &str,
    destination: Destination,
    private_hosts: &PrivateHosts,
) -> io::Result<Vec<IpAddr>> {
    let guard = Guard { inner: Arc::new(System), destination, private_hosts: private_hosts.clone() };
    guard.allowed(host).await.map_err(io::Error::other)
}

impl ReqwestResolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let allowed = guard.allowed(name.as_str()).await?;
            // Port 0 stands for the one in the address.
            let addresses: Addrs = Box::new(allowed.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
