//! SSR-3: an answer that leads elsewhere.

use std::sync::Arc;

use groundswell::net::{Client, Destination, Kind, Request, Setup};
use http::{HeaderValue, header};

use super::{
    PEER, client,
    peer::{Peer, ok},
    peer_names, setup,
};

const STATUSES: &[u16] = &[301, 302, 303, 307, 308];

fn to(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

/// `/302?http://…` leads there; `/hops/3` leads to `/hops/2`, and so on until `/hops/0`, which answers.
fn signpost(path: &str) -> String {
    if let Some(hops) = path.strip_prefix("/hops/") {
        let hops: usize = hops.parse().expect("a number");
        return if hops == 0 { ok("arrived") } else { to(302, &format!("/hops/{}", hops - 1)) };
    }
    let (status, location) = path.split_once('?').expect("a question mark");
    match status.trim_start_matches('/').parse() {
        Ok(status) => to(status, location),
        Err(_) => ok("").replace("\r\n\r\n", &format!("\r\nRefresh: 0; url={location}\r\n\r\n")),
    }
}

#[tokio::test]
async fn a_webhook_follows_nothing() {
    let mut canary = Peer::canary().await;
    let peer = Peer::answering(signpost).await;
    let client = client();

    for status in STATUSES {
        for location in [canary.url("127.0.0.1", "/"), peer.url(PEER, "/hops/0"), "/hops/0".to_owned()] {
            let url = peer.url(PEER, &format!("/{status}?{location}"));
            let answer =
                client.send(Request::post(Destination::Operator, url, "{}")).await.expect("an answer");
            assert_eq!(answer.status.as_u16(), *status);
        }
    }

    assert_eq!(canary.count().await, 0);
    assert_eq!(peer.heads.lock().expect("a lock").len(), STATUSES.len() * 3);
}

#[tokio::test]
async fn no_redirect_leads_inside_not_even_to_what_an_operator_may_reach() {
    let mut canary = Peer::canary().await;
    let peer = Peer::answering(signpost).await;
    let names = peer_names().with("inside.test", &[&["127.0.0.1", "::1"]]);
    let client = Client::new(Setup { further_ports: vec![canary.port], ..setup(Arc::new(names)) });

    for status in STATUSES {
        for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "inside.test", PEER] {
            let url = peer.url(PEER, &format!("/{status}?{}", canary.url(host, "/")));
            let error = client.send(Request::fetch(Destination::Operator, &url)).await.expect_err(&url);
            assert!(matches!(error.kind(), Kind::Redirect | Kind::PrivateName), "{url}: {error}");
        }
        for location in [
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "http://a:b@inside.test/",
            "http://[",
            "//127.0.0.1",
        ] {
            let url = peer.url(PEER, &format!("/{status}?{location}"));
            let error = client.send(Request::fetch(Destination::Operator, &url)).await.expect_err(&url);
            assert_eq!(error.kind(), Kind::Redirect, "{url}: {error}");
        }
    }

    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn a_header_that_asks_a_browser_to_go_on_is_not_for_us() {
    let mut canary = Peer::canary().await;
    let peer = Peer::answering(signpost).await;

    let url = peer.url(PEER, &format!("/refresh?{}", canary.url("127.0.0.1", "/")));
    let answer = client().send(Request::fetch(Destination::Operator, url)).await.expect("an answer");

    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let peer = Peer::answering(signpost).await;
    let client = client();
    let fetch = |hops: usize| {
        client.send(Request::fetch(Destination::Operator, peer.url(PEER, &format!("/hops/{hops}"))))
    };

    let answer = fetch(3).await.expect("an answer");
    assert_eq!((answer.body.as_slice(), answer.url.path()), (b"arrived".as_slice(), "/hops/0"));
    assert_eq!(peer.heads.lock().expect("a lock").len(), 4);
    let error = fetch(4).await.expect_err("too many");

    assert_eq!(error.kind(), Kind::Redirect);
    assert_eq!(peer.heads.lock().expect("a lock").len(), 8);
}

#[tokio::test]
async fn what_was_sent_along_stays_with_the_host_it_was_meant_for() {
    let peer = Peer::answering(signpost).await;
    let key = HeaderValue::from_static("Bearer key");

    let request = Request::fetch(Destination::Operator, peer.url(PEER, "/hops/1"));
    client().send(request.header(header::AUTHORIZATION, key)).await.expect("an answer");

    let heads = peer.heads.lock().expect("a lock");
    assert!(heads.iter().all(|head| head.contains("authorization: Bearer key")), "{heads:?}");
    assert!(heads.iter().all(|head| !head.contains("referer:")), "{heads:?}");
}
