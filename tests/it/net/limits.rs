//! How many requests there are at a time, and what they say of themselves.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use groundswell::net::{Client, Destination, Kind, Limits, Request, Setup, resolver::Resolve};
use tokio::task::JoinSet;

use super::{
    PEER, client,
    peer::{Line, Peer, ok},
    peer_names, setup,
};

/// Answers when some time has passed, and knows how many it kept waiting at most.
async fn leisurely() -> (Peer, Arc<AtomicUsize>) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let all_most = Arc::clone(&most);
    let serve = move |mut line: Line| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&all_most));
        async move {
            while line.head().await.is_some() {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // The first tick comes at once.
                let mut moment = tokio::time::interval(Duration::from_millis(20));
                moment.tick().await;
                moment.tick().await;
                now.fetch_sub(1, Ordering::SeqCst);
                let _ = line.write(ok("good")).await;
            }
        }
    };
    (Peer::at("127.0.0.1:0", serve).await, most)
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_there_are_permits() {
    let (peer, most) = leisurely().await;
    let limits = Limits { permits: 3, ..Limits::default() };
    let client = Client::new(Setup { limits, ..setup(Arc::new(peer_names())) });
    let url = peer.url(PEER, "/");

    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let (client, url) = (client.clone(), url.clone());
        asking.spawn(async move { client.send(Request::get(Destination::Operator, url)).await });
    }
    let answers = asking.join_all().await;

    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.body == b"good")));
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn who_waits_for_a_permit_in_vain_connects_to_nobody() {
    let mut good = Peer::answering(|_| ok("good")).await;
    let limits = Limits { total: Duration::from_millis(50), permits: 0, ..Limits::default() };
    let client = Client::new(Setup { limits, ..setup(Arc::new(peer_names())) });

    let error = client.send(Request::get(Destination::Operator, good.url(PEER, "/"))).await;

    assert_eq!(error.expect_err("no permits").kind(), Kind::TooSlow);
    assert_eq!(good.count().await, 0);
}

/// A name server that answers about one name only.
struct Reticent;

#[async_trait::async_trait]
impl Resolve for Reticent {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        if host == PEER { Ok(vec![Ipv4Addr::LOCALHOST.into()]) } else { std::future::pending().await }
    }
}

#[tokio::test]
async fn slow_webhooks_do_not_hold_up_an_operators_provider() {
    let good = Peer::answering(|_| ok("good")).await;
    let limits = Limits { permits: 1, ..Limits::default() };
    let client = Client::new(Setup { limits, resolver: Arc::new(Reticent), ..setup(Arc::default()) });

    let answer = tokio::select! {
        biased;
        _ = client.send(Request::webhook(Destination::Tenant, "http://slow.test/", "{}")) => panic!("too fast"),
        answer = client.send(Request::get(Destination::Operator, good.url(PEER, "/"))) => answer,
    };

    assert_eq!(answer.expect("an answer").body, b"good");
}

#[tokio::test]
async fn a_request_says_who_sends_it_and_nothing_about_where_from() {
    let peer = Peer::answering(|_| ok("")).await;

    client()
        .send(Request::webhook(Destination::Operator, peer.url(PEER, "/hook?a=b"), "{}"))
        .await
        .expect("an answer");

    let heads = peer.heads.lock().expect("a lock");
    let head = heads.first().expect("a request");
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{head}");
    assert!(
        head.contains("user-agent: Groundswell/") && head.contains("content-type: application/json"),
        "{head}"
    );
    for name in ["referer", "cookie", "authorization", "x-forwarded-for"] {
        assert!(!head.contains(&format!("{name}:")), "{head}");
    }
}
