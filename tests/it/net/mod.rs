//! What the one HTTP client refuses, bears and tells (design: SSR-1 to SSR-5).
//!
//! Everything happens on this machine's loopback addresses. Each of them is somewhere a tenant's request
//! must never come; a test that needs a peer reaches it as an operator, by a name that the settings allow.

mod abuse;
mod limits;
mod messages;
mod peer;
mod proxies;
mod rebinding;
mod redirects;
mod spellings;
mod tls;

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use groundswell::{
    config::PrivateHosts,
    net::{Client, Limits, Setup, resolver::Resolve},
};

/// The name of a peer that the operator allows.
const PEER: &str = "peer.test";

/// Names with the answers they give, one after the other and round again.
#[derive(Default)]
struct Names {
    answers: BTreeMap<String, Vec<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Names {
    fn with(mut self, host: &str, answers: &[&[&str]]) -> Self {
        let read = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().expect("an address")).collect();
        self.answers.insert(host.to_owned(), answers.iter().map(read).collect());
        self
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let answers = self.answers.get(host.trim_end_matches('.'));
        let answer = answers.and_then(|all| all.get(turn % all.len()));
        answer.cloned().ok_or_else(|| io::Error::other("nobody has this name"))
    }
}

/// What the application uses, but patient for a moment only, with names of our own and [`PEER`] allowed.
fn setup(names: Arc<Names>) -> Setup {
    let mut private_hosts = PrivateHosts::default();
    assert!(private_hosts.add(PEER));
    let limits = Limits { total: Duration::from_secs(5), ..Limits::default() };
    Setup { limits, private_hosts, resolver: names, ..Setup::of(&crate::support::app::config(&[])) }
}

fn peer_names() -> Names {
    Names::default().with(PEER, &[&["127.0.0.1"]])
}

/// A client that finds [`PEER`] on this machine.
fn client() -> Client {
    Client::new(setup(Arc::new(peer_names())))
}
