//! SSR-5: twelve things that go wrong, three sentences for people, and a log without secrets.

use std::collections::BTreeMap;

use groundswell::net::{Destination, Error, Kind, Request, check};

use super::{
    PEER, client,
    peer::{Line, Peer},
};

/// What is told together, so that nobody can tell it apart.
const TOLD: &[(&str, &[Kind])] = &[
    ("cannot be used", &[Kind::NotAWebAddress, Kind::UserInfo, Kind::Port, Kind::PrivateAddress]),
    (
        "could not be reached",
        &[Kind::PrivateName, Kind::UnknownName, Kind::Unreachable, Kind::Tls, Kind::TooSlow],
    ),
    ("but not in a way", &[Kind::Malformed, Kind::TooLarge, Kind::Redirect]),
];

#[test]
fn twelve_kinds_of_error_are_told_in_three_sentences() {
    let mut by_message: BTreeMap<&str, usize> = BTreeMap::new();
    for (words, kinds) in TOLD {
        for kind in *kinds {
            assert!(kind.public_message().contains(words), "{kind:?}: {}", kind.public_message());
            *by_message.entry(kind.public_message()).or_default() += 1;
        }
    }

    assert_eq!(by_message.len(), 3);
    assert_eq!(by_message.values().sum::<usize>(), 12);
}

async fn failing(url: &str) -> Error {
    client().send(Request::get(Destination::Operator, url)).await.expect_err(url)
}

#[tokio::test]
async fn neither_log_nor_people_see_the_path_which_may_hold_a_key() {
    let cut = |mut line: Line| async move {
        line.head().await;
    };
    let peer = Peer::at("127.0.0.1:0", cut).await;
    let secret = "/bot123:secret/send?key=secret";

    for host in [PEER, "127.0.0.1", "nowhere.test"] {
        let error = failing(&peer.url(host, secret)).await;
        let told = format!("{error} {error:?} {}", error.public_message());
        assert!(!told.contains("secret") && error.to_string().contains(host), "{told}");
    }
    let error = failing("http://someone:secret@peer.test/").await;
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn a_closed_port_and_a_server_that_speaks_no_tls_are_told_as_one() {
    let plain = |mut line: Line| async move {
        let _ = line.write("HTTP/1.1 400 Bad Request\r\n\r\n").await;
        line.hold().await;
    };
    let peer = Peer::at("127.0.0.1:0", plain).await;
    let hangs_up = Peer::at("127.0.0.1:0", |_| async {}).await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let closed = free.local_addr().expect("an address").port();
    drop(free);

    let errors = [
        (Kind::Tls, failing(&format!("https://{PEER}:{}/", peer.port)).await),
        (Kind::Tls, failing(&format!("https://{PEER}:{}/", hangs_up.port)).await),
        (Kind::Unreachable, failing(&format!("https://{PEER}:{closed}/")).await),
        (Kind::Unreachable, failing(&format!("http://{PEER}:{closed}/")).await),
        (Kind::UnknownName, failing("http://nowhere.test/").await),
    ];

    for (kind, error) in &errors {
        assert_eq!(error.kind(), *kind, "{error}");
        assert_eq!(error.public_message(), errors[0].1.public_message());
    }
}

#[test]
fn a_form_can_refuse_what_can_be_seen_to_be_wrong() {
    for good in
        ["https://hooks.example.com/a?b=c", "http://93.184.216.34/", "https://[2606:4700::1111]:8443/"]
    {
        check(good).expect(good);
    }
    for bad in [
        "hooks.example.com",
        "ftp://example.com",
        "https://a:b@example.com",
        "http://10.0.0.1",
        "http://example.com:22",
    ] {
        check(bad).expect_err(bad);
    }
}
