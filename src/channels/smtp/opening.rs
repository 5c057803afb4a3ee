//! From a name to a server that is ready for messages: connect, greeting, EHLO, encryption, sign-in.

use std::{io, net::SocketAddr};

use data_encoding::BASE64;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;

use super::{
    reply::Reply,
    server::{Encryption, Server},
    session::{Offers, Session},
    stream::Stream,
    wire::{Wire, WireError},
};
use crate::net::resolver;

/// Why there is no connection. The words are for whoever has set the server up.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{host} could not be reached: {error}.")]
    Unreachable { host: String, error: String },
    #[error(
        "No encrypted connection could be made: {0}. Check the host name, and that its certificate is valid."
    )]
    Tls(String),
    #[error("The server does not offer {0}. Choose another way to connect, or another port.")]
    NotOffered(&'static str),
    #[error("The password was not sent, for the connection is not encrypted. Choose STARTTLS or TLS.")]
    InTheClear,
    #[error("The server did not accept the name or the password: {0}")]
    SignIn(Reply),
    #[error("The server turned us away: {0}")]
    TurnedAway(Reply),
    #[error("The name that we introduce ourselves by is no host name.")]
    Introduction,
    /// It failed a moment ago, and is left alone for a while.
    #[error("The server could not be reached a moment ago; it is tried again shortly.")]
    Resting { until: Instant },
}

/// Errors of the connection itself while it is being opened.
fn lost(server: &Server) -> impl Fn(WireError) -> OpenError {
    |error| OpenError::Unreachable { host: server.host.clone(), error: error.to_string() }
}

pub(super) async fn open(server: &Server) -> Result<Session, OpenError> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
    if server.ehlo.is_empty() || server.ehlo.len() > 255 || !server.ehlo.bytes().all(is_name) {
        return Err(OpenError::Introduction);
    }
    let stream = connect(server).await?;
    let is_this_machine = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
    let mut wire = Wire::new(match server.encryption {
        Encryption::Tls => encrypt(server, stream).await?,
        Encryption::None | Encryption::StartTls => Stream::Plain(stream),
    });
    let greeting = wire.answer(server.timeouts.greeting).await.map_err(lost(server))?;
    if greeting.code != 220 {
        return Err(OpenError::TurnedAway(greeting));
    }
    let mut offers = hello(&mut wire, server).await?;
    if server.encryption == Encryption::StartTls {
        wire = start_tls(wire, server, &offers).await?;
        offers = hello(&mut wire, server).await?;
    }
    if server.credentials.is_some() {
        if server.encryption == Encryption::None && !is_this_machine {
            return Err(OpenError::InTheClear);
        }
        sign_in(&mut wire, server, &offers).await?;
    }
    Ok(Session::new(wire, offers, server.timeouts))
}

/// The first address that answers, of those that may be connected to.
async fn connect(server: &Server) -> Result<TcpStream, OpenError> {
    let unreachable =
        |error: io::Error| OpenError::Unreachable { host: server.host.clone(), error: error.to_string() };
    let attempt = async {
        let addresses = resolver::allowed(&server.host, server.destination, &server.private_hosts).await?;
        let addresses: Vec<_> = addresses.into_iter().map(|ip| SocketAddr::new(ip, server.port)).collect();
        let stream = TcpStream::connect(addresses.as_slice()).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    match timeout(server.timeouts.connect, attempt).await {
        Ok(connected) => connected.map_err(unreachable),
        Err(_) => Err(unreachable(io::ErrorKind::TimedOut.into())),
    }
}

async fn encrypt(server: &Server, stream: TcpStream) -> Result<Stream, OpenError> {
    let name =
        ServerName::try_from(server.host.clone()).map_err(|error| OpenError::Tls(error.to_string()))?;
    let connector = TlsConnector::from(server.tls.clone());
    match timeout(server.timeouts.greeting, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Stream::Tls(Box::new(stream))),
        Ok(Err(error)) => Err(OpenError::Tls(error.to_string())),
        Err(_) => Err(OpenError::Tls("it took too long".to_owned())),
    }
}

async fn hello(wire: &mut Wire, server: &Server) -> Result<Offers, OpenError> {
    let command = server.timeouts.command;
    let reply = wire.ask(&format!("EHLO {}\r\n", server.ehlo), command).await.map_err(lost(server))?;
    if reply.is_positive() {
        return Ok(Offers::read(&reply));
    }
    let reply = wire.ask(&format!("HELO {}\r\n", server.ehlo), command).await.map_err(lost(server))?;
    if reply.is_positive() { Ok(Offers::default()) } else { Err(OpenError::TurnedAway(reply)) }
}

async fn start_tls(mut wire: Wire, server: &Server, offers: &Offers) -> Result<Wire, OpenError> {
    if !offers.starttls {
        return Err(OpenError::NotOffered("STARTTLS"));
    }
    let reply = wire.ask("STARTTLS\r\n", server.timeouts.command).await.map_err(lost(server))?;
    // Whatever came with the answer was said by somebody who need not be the server (CVE-2011-0411).
    if reply.code != 220 || !wire.came.is_empty() {
        return Err(OpenError::TurnedAway(reply));
    }
    match wire.stream {
        Stream::Plain(stream) => Ok(Wire::new(encrypt(server, stream).await?)),
        Stream::Tls(_) => Err(OpenError::NotOffered("STARTTLS")),
    }
}

async fn sign_in(wire: &mut Wire, server: &Server, offers: &Offers) -> Result<(), OpenError> {
    let Some(credentials) = &server.credentials else { return Ok(()) };
    let command = server.timeouts.command;
    let (name, password) = (credentials.username.as_str(), credentials.password.expose_secret());
    let reply = if offers.auth_plain {
        let both = BASE64.encode(format!("\0{name}\0{password}").as_bytes());
        wire.ask(&format!("AUTH PLAIN {both}\r\n"), command).await.map_err(lost(server))?
    } else if offers.auth_login {
        let mut reply = wire.ask("AUTH LOGIN\r\n", command).await.map_err(lost(server))?;
        for secret in [name, password] {
            if reply.code != 334 {
                return Err(OpenError::SignIn(reply));
            }
            let line = format!("{}\r\n", BASE64.encode(secret.as_bytes()));
            reply = wire.ask(&line, command).await.map_err(lost(server))?;
        }
        reply
    } else {
        return Err(OpenError::NotOffered("AUTH with PLAIN or LOGIN"));
    };
    if reply.code == 235 { Ok(()) } else { Err(OpenError::SignIn(reply)) }
}
