//! How campaigns leave: building, signing, handing over, and what comes back.

mod bounces;
mod dkim;
mod faults;
mod hostile;
pub mod peers;
mod pool;
mod replies;
mod signing_in;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use chrono::DateTime;
use groundswell::{
    channels::{
        address::Address,
        message::{Email, List, Mailbox},
        smtp::{Connection, Encryption, Envelope, Limits, Outcome, Pool, Prepared, Server, Timeouts, server},
    },
    commands::bench::sink::{Act, Moment, Profile, Script, Sink},
    config::PrivateHosts,
    net::Destination,
};

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

/// A server on this machine, spoken to in the clear, and with little patience.
fn server_at(port: u16) -> Server {
    let mut private_hosts = PrivateHosts::default();
    assert!(private_hosts.add("127.0.0.1") && private_hosts.add("localhost"));
    let moment = Duration::from_millis(400);
    Server {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Encryption::None,
        credentials: None,
        ehlo: "acme.test".to_owned(),
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            greeting: Duration::from_secs(5),
            command: moment,
            data_start: moment,
            data_block: Duration::from_secs(5),
            data_end: moment,
        },
        tls: server::tls(&[]).expect("TLS"),
        destination: Destination::Operator,
        private_hosts,
    }
}

fn pool_of(server: Server) -> Pool {
    Pool::new(server, Limits { connections: 4, ..Limits::default() })
}

/// A pool with one connection to a new sink, and long patience for many messages.
fn patient(sink: &Sink) -> Pool {
    let mut server = server_at(sink.address.port());
    server.timeouts = Timeouts::default();
    Pool::new(server, Limits { connections: 1, messages_per_connection: u32::MAX, ..Limits::default() })
}

async fn sink(profile: Profile) -> Sink {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Sink::start(anywhere, Profile { keep: true, ..profile }).await.expect("a sink")
}

/// A sink that does this at one command, or `"."` for the dot, and is friendly otherwise.
async fn sink_that(at: &'static str, act: Act) -> Sink {
    let script: Script = Arc::new(move |moment: Moment<'_>| {
        let is_now = match moment {
            Moment::Command(line) => at != "." && line.to_uppercase().starts_with(at),
            Moment::Dot(_) => at == ".",
            Moment::Connected => at == "connect",
        };
        if is_now { act.clone() } else { Act::Usual }
    });
    sink(Profile { script: Some(script), ..Profile::default() }).await
}

async fn connection(pool: &Pool) -> Connection {
    pool.get().await.unwrap_or_else(|error| panic!("no connection: {error}"))
}

async fn prepare(pool: &Pool, message: &[u8]) -> Prepared {
    let (from, to) = (address("b+1@acme.test"), address("olga@corp.test"));
    connection(pool).await.prepare(&Envelope { from: Some(&from), to: &to }, message).await
}

/// Both steps, one after the other.
async fn deliver(pool: &Pool, message: &[u8]) -> Outcome {
    match prepare(pool, message).await {
        Prepared::Ready(ready) => ready.release().await,
        Prepared::Settled(outcome) => outcome,
    }
}

const MAIL: &[u8] = b"Message-ID: <1@acme.test>\r\nSubject: x\r\n\r\nHello\r\n";

/// A mail with everything that marketing mail has; tests change what they are about.
fn letter<'a>(from: &'a Address, to: &'a Address) -> Email<'a> {
    Email {
        message_id: "0199aa.1@acme.test",
        date: DateTime::UNIX_EPOCH,
        from: Mailbox { name: Some("Acme"), address: from },
        to: Mailbox { name: Some("Olga"), address: to },
        reply_to: Some(Mailbox { name: None, address: from }),
        subject: "A spring offer",
        text: "Hello",
        html: "<p>Hello</p>",
        list: Some(List {
            name: "Spring, early",
            id: "spring.acme.test",
            unsubscribe_https: "https://t.acme.test/u/9f3c2a1b77d0",
            unsubscribe_mailto: "u+9f3c2a1b77d0@acme.test",
        }),
        feedback_id: Some("spring:acme:campaign:groundswell"),
        extra: &[],
    }
}

fn written(email: &Email<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    email.write(&mut out).expect("a message");
    out
}

/// The names of the header fields, in order.
fn names(message: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(message);
    let (head, _) = text.split_once("\r\n\r\n").expect("an end of the header");
    let fields = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    fields.map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}
