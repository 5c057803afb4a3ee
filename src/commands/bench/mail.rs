//! The wire half of sending: building a mail of 10 KB, signing it, handing it to the sink. And the same as the
//! limit of a campaign ([`limit`]): mails of its size, without anything that is remembered of them.
//!
//! Sender and sink run on threads of their own, by whose names their processor time is told apart.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc,
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use chrono::DateTime;
use tokio::runtime::{Builder, Runtime};

use super::{
    cost::{Cost, micros},
    cpu::{self, Used},
    sink::{Profile, Sink},
};
use crate::{
    channels::{
        address::Address,
        dkim::{Algorithm, PrivateKey, Signer},
        message::{Email, List, Mailbox},
        smtp::{Encryption, Envelope, Limits, Outcome, Pool, Prepared, Server, Timeouts, server},
    },
    commands::print,
    config::PrivateHosts,
    net::Destination,
};

const SENDER_THREAD: &str = "bench-sender";
const SINK_THREAD: &str = "bench-sink";
const PATIENCE: Duration = Duration::from_secs(10);
/// Builds and signatures that are timed without any wire.
const ROUNDS: u32 = 2000;

pub(super) fn run(messages: u64, connections: usize) -> anyhow::Result<()> {
    let letter = Letter::new()?;
    let rsa = Signer::new("acme.test", "rsa", &PrivateKey::generate(Algorithm::Rsa2048)?)?;
    let ed25519 = Signer::new("acme.test", "ed", &PrivateKey::generate(Algorithm::Ed25519)?)?;
    print::line(&format!(
        "One mail of {} octets, on one thread, of {ROUNDS}{}:",
        letter.write(0)?.len(),
        if cfg!(debug_assertions) { " (debug build: compare the ratios only)" } else { "" }
    ));
    let build = each(|number| letter.write(u64::from(number)).map(drop))?;
    let mail = letter.write(0)?;
    let sign = |signer: &Signer| each(|_| Ok(signer.sign(&mail, &mut Vec::with_capacity(1024))?));
    print::line(&format!("{build:>8.1} µs built"));
    print::line(&format!("{:>8.1} µs signed with RSA-2048", sign(&rsa)?));
    print::line(&format!("{:>8.1} µs signed with Ed25519", sign(&ed25519)?));
    print::line("");
    print::line(&format!("{messages} of them handed over on {connections} connections:"));
    print::line(&format!("{:26} {:>10} {:>12} {:>10}", "", "a second", "sender µs", "sink µs"));
    let letter = Arc::new(letter);
    for (name, signers) in [
        ("raw, built once", None),
        ("built, not signed", Some(vec![])),
        ("built, signed RSA-2048", Some(vec![rsa])),
        ("built, signed Ed25519", Some(vec![ed25519])),
    ] {
        let work = Work { letter: letter.clone(), signers: signers.map(Arc::new), messages, connections };
        let (sender, sink) = work.measure()?;
        let each_second = messages as f64 / sender.wall.as_secs_f64();
        let (sender, sink) = (micros(sender.app, messages), micros(sink, messages));
        print::line(&format!("{name:26} {each_second:>10.0} {sender:>12.1} {sink:>10.1}"));
    }
    Ok(())
}

/// What it costs to build so many mails of about this size, sign them with both kinds of key or not at all,
/// and hand them over.
pub(super) fn limit(
    (messages, connections): (u64, usize),
    size: usize,
    is_signed: bool,
) -> anyhow::Result<Cost> {
    let mut letter = Letter::new()?;
    let written = letter.write(0)?.len().max(1);
    letter.html = letter.html.chars().cycle().take(letter.html.chars().count() * size / written).collect();
    let signer =
        |selector, algorithm| Ok(Signer::new("acme.test", selector, &PrivateKey::generate(algorithm)?)?);
    let signers: anyhow::Result<Vec<Signer>> = match is_signed {
        true => [("rsa", Algorithm::Rsa2048), ("ed", Algorithm::Ed25519)]
            .map(|(selector, algorithm)| signer(selector, algorithm))
            .into_iter()
            .collect(),
        false => Ok(Vec::new()),
    };
    let signers = Some(Arc::new(signers?));
    Ok(Work { letter: Arc::new(letter), signers, messages, connections }.measure()?.0)
}

/// Microseconds of one, of many.
fn each(mut work: impl FnMut(u32) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    (0..ROUNDS).try_for_each(&mut work)?;
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS))
}

struct Letter {
    from: Address,
    to: Address,
    text: String,
    html: String,
}

impl Letter {
    fn new() -> anyhow::Result<Self> {
        let paragraph =
            "<p style=\"margin:0 0 12px;font-family:Arial\">Our spring offer is here, from the café.</p>\n";
        Ok(Self {
            from: Address::parse("news@acme.test").context("an address")?,
            to: Address::parse("ada@corp.example").context("an address")?,
            text: "Our spring offer is here and it is made for you.\n".repeat(40),
            html: paragraph.repeat(80),
        })
    }

    fn write(&self, number: u64) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(16 * 1024);
        let mailbox = |name, address| Mailbox { name: Some(name), address };
        Email {
            message_id: &format!("{number:x}.1@acme.test"),
            date: DateTime::UNIX_EPOCH,
            from: mailbox("Acme", &self.from),
            to: mailbox("Ada", &self.to),
            reply_to: None,
            subject: "Ada, a spring offer",
            text: &self.text,
            html: &self.html,
            list: Some(List {
                name: "Spring",
                id: "spring.acme.test",
                unsubscribe_https: "https://t.acme.test/u/9f3c2a1b77d09f3c2a1b77d0",
                unsubscribe_mailto: "u+9f3c2a1b77d09f3c2a1b77d0@acme.test",
            }),
            feedback_id: Some("spring:acme:campaign:groundswell"),
            extra: &[],
        }
        .write(&mut out)?;
        Ok(out)
    }
}

#[derive(Clone)]
struct Work {
    letter: Arc<Letter>,
    /// `None`: one mail again and again. `Some`: each built, and signed with these.
    signers: Option<Arc<Vec<Signer>>>,
    messages: u64,
    connections: usize,
}

impl Work {
    /// What it cost, and what it cost the sink.
    fn measure(self) -> anyhow::Result<(Cost, Used)> {
        let (started, address) = mpsc::channel();
        let sinks = runtime(SINK_THREAD)?;
        sinks.spawn(async move {
            let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Profile::default()).await;
            if started.send(sink.as_ref().map(|sink| sink.address).map_err(ToString::to_string)).is_ok() {
                std::future::pending::<()>().await;
            }
        });
        let address = address.recv()?.map_err(anyhow::Error::msg)?;
        let senders = runtime(SENDER_THREAD)?;
        let begun = Instant::now();
        let before = (cpu::of_threads(SENDER_THREAD), cpu::of_threads(SINK_THREAD));
        senders.block_on(async { tokio::spawn(self.send_all(address)).await })??;
        let took = begun.elapsed();
        let after = (cpu::of_threads(SENDER_THREAD), cpu::of_threads(SINK_THREAD));
        let cost = Cost { app: after.0.saturating_sub(before.0), database: Used::ZERO, wall: took };
        // Waits for the threads to end: one that ended later would be missing from the next run's count.
        senders.shutdown_timeout(PATIENCE);
        sinks.shutdown_timeout(PATIENCE);
        Ok((cost, after.1.saturating_sub(before.1)))
    }

    async fn send_all(self, address: SocketAddr) -> anyhow::Result<()> {
        let limits =
            Limits { connections: self.connections, messages_per_connection: 1000, ..Limits::default() };
        let pool = Pool::new(to_sink(address)?, limits);
        let next = Arc::new(AtomicU64::new(0));
        let mut sending = tokio::task::JoinSet::new();
        for _ in 0..self.connections {
            sending.spawn(self.clone().send_some(pool.clone(), next.clone()));
        }
        while let Some(sent) = sending.join_next().await {
            sent??;
        }
        pool.close().await;
        Ok(())
    }

    async fn send_some(self, pool: Pool, next: Arc<AtomicU64>) -> anyhow::Result<()> {
        let once = self.letter.write(0)?;
        loop {
            let number = next.fetch_add(1, Relaxed);
            if number >= self.messages {
                return Ok(());
            }
            let mail = match &self.signers {
                None => None,
                Some(signers) => Some(signed(self.letter.write(number)?, signers)?),
            };
            let envelope = Envelope { from: Some(&self.letter.from), to: &self.letter.to };
            let prepared = pool.get().await?.prepare(&envelope, mail.as_deref().unwrap_or(&once)).await;
            let Prepared::Ready(ready) = prepared else { anyhow::bail!("the sink refused a message") };
            let outcome = ready.release().await;
            ensure!(matches!(outcome, Outcome::Accepted(_)), "the sink did not take a message: {outcome:?}");
        }
    }
}

fn signed(mail: Vec<u8>, signers: &[Signer]) -> anyhow::Result<Vec<u8>> {
    if signers.is_empty() {
        return Ok(mail);
    }
    let mut whole = Vec::with_capacity(mail.len() + 2048);
    for signer in signers {
        signer.sign(&mail, &mut whole)?;
    }
    whole.extend_from_slice(&mail);
    Ok(whole)
}

fn to_sink(address: SocketAddr) -> anyhow::Result<Server> {
    let mut private_hosts = PrivateHosts::default();
    private_hosts.add("127.0.0.1");
    Ok(Server {
        host: address.ip().to_string(),
        port: address.port(),
        encryption: Encryption::None,
        credentials: None,
        ehlo: "bench.test".to_owned(),
        timeouts: Timeouts::default(),
        tls: server::tls(&[])?,
        destination: Destination::Operator,
        private_hosts,
    })
}

fn runtime(name: &str) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()
}
