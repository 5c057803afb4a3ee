//! The socket that requests arrive at: handed over by whoever started us, or our own.
//!
//! A socket that is handed over (LISTEN_FDS, as systemd and others do) outlives this process: while one
//! stops and the next one starts, connections wait in its queue and none is refused.

use std::net::{SocketAddr, TcpListener as StdListener};

use anyhow::Context;
use listenfd::ListenFd;
use tokio::net::TcpListener;

use crate::config::Config;

/// The socket, and whether it was handed over.
pub(super) fn take(config: &Config) -> anyhow::Result<(TcpListener, bool)> {
    let handed_over =
        ListenFd::from_env().take_tcp_listener(0).context("The socket in LISTEN_FDS cannot be used")?;
    let is_shared = handed_over.is_some();
    let listener = match handed_over {
        Some(listener) => listener,
        None => own(config.listen, "--listen")?,
    };
    Ok((ready(listener)?, is_shared))
}

/// The socket for metrics, if there are to be any. Never handed over: nobody waits in its queue.
pub(super) fn take_for_metrics(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let address = config.metrics_listen;
    address.map(|address| ready(own(address, "--metrics-listen")?)).transpose()
}

/// The socket for mail that comes back, if any is to.
pub(super) fn take_for_bounces(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let address = config.bounce_listen;
    address.map(|address| ready(own(address, "--bounce-listen")?)).transpose()
}

fn ready(listener: StdListener) -> anyhow::Result<TcpListener> {
    // The embedded PostgreSQL, started later, must not inherit it.
    rustix::io::fcntl_setfd(&listener, rustix::io::FdFlags::CLOEXEC)?;
    listener.set_nonblocking(true)?;
    Ok(TcpListener::from_std(listener)?)
}

/// `flag` is how another address can be chosen.
fn own(address: SocketAddr, flag: &str) -> anyhow::Result<StdListener> {
    // Sets SO_REUSEADDR: connections of an earlier process that linger do not keep the port.
    StdListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is already in use, perhaps by another Groundswell. Stop that program, or choose another \
             address with {flag}."
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("This user may not listen on {address}. Choose a port above 1023 with {flag}.")
        }
        std::io::ErrorKind::AddrNotAvailable => anyhow::anyhow!(
            "This machine does not have the address {}. Choose one that it has with {flag}; 0.0.0.0 is all.",
            address.ip()
        ),
        _ => anyhow::anyhow!("{address} cannot be listened on: {error}."),
    })
}
