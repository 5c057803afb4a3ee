//! SSR-2: a name that leads elsewhere the second time.
//!
//! The test must not leave this machine, so the address that counts as good is one loopback address that
//! an operator allowed, and the one to keep away from is the other.

use std::sync::Arc;

use groundswell::{
    config::PrivateHosts,
    net::{Client, Destination, Kind, Request, Setup},
};

use super::{
    Names, client,
    peer::{Line, Peer, ok},
    setup,
};

const FETCHES: usize = 500;

/// An operator's client that may connect to ::1 and to nothing else on this machine.
fn allowing_six(names: &Arc<Names>) -> Client {
    let mut private_hosts = PrivateHosts::default();
    assert!(private_hosts.add("::1"));
    Client::new(Setup { private_hosts, ..setup(Arc::clone(names)) })
}

/// Answers one request a connection, so that each needs one of its own.
async fn good_peer(address: &str) -> Peer {
    let serve = |mut line: Line| async move {
        if line.head().await.is_some() {
            let _ = line.write(ok("good").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
        }
    };
    Peer::at(address, serve).await
}

/// Two peers at the same port of both families: whom one may reach, and whom not.
async fn good_and_canary() -> (Peer, Peer) {
    loop {
        let good = good_peer("[::1]:0").await;
        let address = format!("127.0.0.1:{}", good.port);
        if tokio::net::TcpListener::bind(&address).await.is_ok() {
            return (good, Peer::at(&address, |_| async {}).await);
        }
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_never_leads_inside() {
    let (mut good, mut canary) = good_and_canary().await;
    let names = Arc::new(Names::default().with("turncoat.test", &[&["::1"], &["127.0.0.1"]]));
    let client = allowing_six(&names);

    let (mut answered, mut refused) = (0, 0);
    for _ in 0..FETCHES {
        match client.send(Request::get(Destination::Operator, good.url("turncoat.test", "/"))).await {
            Ok(answer) if answer.body == b"good" => answered += 1,
            Err(error) if error.kind() == Kind::PrivateName => refused += 1,
            other => panic!("{other:?}"),
        }
    }

    assert_eq!((answered, refused), (FETCHES / 2, FETCHES / 2));
    assert_eq!(canary.count().await, 0);
    // The name was asked for once each time: what was looked at is what was connected to.
    assert_eq!((names.asked(), good.count().await), (FETCHES, FETCHES / 2));
}

#[tokio::test]
async fn of_several_addresses_only_those_that_may_be_are_tried() {
    let (good, mut canary) = good_and_canary().await;
    let names =
        Arc::new(Names::default().with("mixed.test", &[&["127.0.0.1", "::1"], &["::1", "127.0.0.1"]]));
    let client = allowing_six(&names);

    for _ in 0..20 {
        let request = Request::get(Destination::Operator, good.url("mixed.test", "/"));
        assert_eq!(client.send(request).await.expect("an answer").body, b"good");
    }

    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn an_address_that_does_not_answer_does_not_lead_to_the_next_question() {
    let mut canary = Peer::at("127.0.0.1:0", |_| async {}).await;
    // Nobody listens at this port of ::1, so that the first answer leads to a refused connection.
    let names = Arc::new(Names::default().with("turncoat.test", &[&["::1"], &["127.0.0.1"]]));
    let client = allowing_six(&names);

    let request = Request::get(Destination::Operator, canary.url("turncoat.test", "/"));
    let error = client.send(request).await.expect_err("nobody is there");

    assert_eq!((error.kind(), names.asked()), (Kind::Unreachable, 1), "{error}");
    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn a_tenant_does_not_ride_on_a_connection_that_an_operator_opened() {
    let mut peer = Peer::answering(|_| ok("inside")).await;
    let url = peer.url(super::PEER, "/");
    let setup = Setup { further_ports: vec![peer.port], ..setup(Arc::new(super::peer_names())) };
    let client = Client::new(setup);

    for _ in 0..2 {
        client.send(Request::get(Destination::Operator, &url)).await.expect("an answer");
    }
    assert_eq!(peer.count().await, 1, "the connection is kept");
    let error = client.send(Request::get(Destination::Tenant, &url)).await.expect_err("a tenant");

    assert_eq!(error.kind(), Kind::PrivateName);
    assert_eq!(peer.heads.lock().expect("a lock").len(), 2);
}

#[tokio::test]
async fn an_operators_peer_is_reached_by_the_name_in_the_settings_only() {
    let peer = Peer::answering(|_| ok("inside")).await;
    let client = client();

    let answer = client.send(Request::get(Destination::Operator, peer.url(super::PEER, "/"))).await;
    assert_eq!(answer.expect("an answer").body, b"inside");
    let by_figures = client.send(Request::get(Destination::Operator, peer.url("127.0.0.1", "/"))).await;

    assert_eq!(by_figures.expect_err("not named").kind(), Kind::PrivateAddress);
}
