//! SSR-4: servers that answer so as to cost us time or memory.

use std::{
    io::Write,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use groundswell::net::{Client, Destination, Kind, Limits, Request, Setup};
use tokio::time::interval;

use super::{
    PEER,
    peer::{Line, Peer, ok},
    peer_names, setup,
};

const PATIENCE: Duration = Duration::from_millis(400);
/// What the test may take beyond that on a machine that does other things too.
const SLACK: Duration = Duration::from_secs(4);
const BODY: usize = 1024 * 1024;
/// What two sockets may hold between a peer and us, besides what we read.
const IN_SOCKETS: usize = 16 * 1024 * 1024;

/// With one permit: a request that keeps it would make all others too slow.
fn client() -> Client {
    let limits = Limits { total: PATIENCE, body: BODY, permits: 1, ..Limits::default() };
    Client::new(Setup { limits, ..setup(Arc::new(peer_names())) })
}

/// What comes of asking this peer, in time; a good peer is asked afterwards with the same client.
async fn ask<F, W>(scheme: &str, serve: F) -> (Kind, usize)
where
    F: Fn(Line) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let peer = Peer::at("127.0.0.1:0", serve).await;
    let (good, client) = (Peer::answering(|_| ok("good")).await, client());
    let start = Instant::now();

    let url = format!("{scheme}://{PEER}:{}/", peer.port);
    let error = client.send(Request::get(Destination::Operator, url)).await.expect_err("an abuse");

    assert!(start.elapsed() < PATIENCE + SLACK, "{:?}", start.elapsed());
    let next = client.send(Request::get(Destination::Operator, good.url(PEER, "/"))).await;
    assert_eq!(next.expect("the permit is free again").body, b"good");
    (error.kind(), peer.written.load(Ordering::SeqCst))
}

/// After the head of a request: `begin`, and then `more` until the other side hangs up.
async fn for_ever(mut line: Line, begin: &str, more: &[u8]) {
    line.head().await;
    let mut goes_on = line.write(begin).await.is_ok();
    while goes_on {
        goes_on = line.write(more).await.is_ok();
    }
}

#[tokio::test]
async fn a_body_that_trickles_is_too_slow() {
    let trickle = |mut line: Line| async move {
        line.head().await;
        let mut each = interval(Duration::from_millis(20));
        let mut goes_on = line.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await.is_ok();
        while goes_on {
            each.tick().await;
            goes_on = line.write("x").await.is_ok();
        }
    };

    assert_eq!(ask("http", trickle).await.0, Kind::TooSlow);
}

#[tokio::test]
async fn a_head_that_trickles_is_too_slow() {
    let trickle = |mut line: Line| async move {
        line.head().await;
        let mut each = interval(Duration::from_millis(20));
        let mut goes_on = line.write("HTTP/1.1 200 OK\r\nX: ").await.is_ok();
        while goes_on {
            each.tick().await;
            goes_on = line.write("x").await.is_ok();
        }
    };

    assert_eq!(ask("http", trickle).await.0, Kind::TooSlow);
}

#[tokio::test]
async fn who_says_nothing_is_too_slow() {
    let silent = |mut line: Line| async move { line.hold().await };

    assert_eq!(ask("http", silent).await.0, Kind::TooSlow);
    assert_eq!(ask("https", silent).await.0, Kind::TooSlow, "a handshake that never ends");
}

#[tokio::test]
async fn answers_that_are_none_yet_are_not_read_for_ever() {
    let not_yet = |line| async move {
        let more = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
        for_ever(line, "", more.as_bytes()).await;
    };

    assert!(matches!(ask("http", not_yet).await.0, Kind::TooSlow | Kind::Malformed));
}

#[tokio::test]
async fn a_body_without_end_is_read_up_to_the_limit() {
    let begin = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n";
    let (kind, written) = ask("http", move |line| for_ever(line, begin, &[b'x'; 65536])).await;
    assert_eq!(kind, Kind::TooLarge);
    assert!(written < BODY + IN_SOCKETS, "{written}");

    let begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (kind, written) = ask("http", move |line| for_ever(line, begin, b"5\r\nhello\r\n")).await;
    assert!(matches!(kind, Kind::TooLarge | Kind::TooSlow), "{kind:?}");
    assert!(written < BODY * 3 + IN_SOCKETS, "{written}");
}

#[tokio::test]
async fn a_body_that_unpacks_to_much_more_is_unpacked_up_to_the_limit() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packed.write_all(&vec![0; 1024 * 1024]).expect("memory");
    }
    let packed = packed.finish().expect("memory");
    assert!(packed.len() < 100_000, "64 MiB in {}", packed.len());

    let bomb = move |mut line: Line| {
        let packed = packed.clone();
        async move {
            line.head().await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                packed.len()
            );
            let _ = line.write(head).await;
            let _ = line.write(packed).await;
        }
    };

    assert_eq!(ask("http", bomb).await.0, Kind::TooLarge);
}

#[tokio::test]
async fn headers_without_end_are_not_read() {
    let many = |line| async move {
        for_ever(line, "HTTP/1.1 200 OK\r\n", "X-A: b\r\n".repeat(1000).as_bytes()).await;
    };
    let (kind, written) = ask("http", many).await;
    assert_eq!(kind, Kind::Malformed);
    assert!(written < IN_SOCKETS, "{written}");

    let some = |mut line: Line| async move {
        line.head().await;
        let headers = "X-A: b\r\n".repeat(101);
        let _ = line.write(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n")).await;
    };
    assert_eq!(ask("http", some).await.0, Kind::Malformed, "101 headers");
}

#[tokio::test]
async fn what_is_not_http_is_not_read() {
    for said in [
        "hello\r\n\r\n",
        "<html>an answer of HTTP 0.9</html>",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 OK\r\n\r\n",
    ] {
        let serve = move |mut line: Line| async move {
            line.head().await;
            let _ = line.write(said).await;
        };
        assert_eq!(ask("http", serve).await.0, Kind::Malformed, "{said}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    let cut = |mut line: Line| async move {
        line.head().await;
        let _ = line.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello").await;
    };

    assert_eq!(ask("http", cut).await.0, Kind::Malformed);
}

#[tokio::test]
async fn of_a_webhooks_answer_the_beginning_is_kept_and_the_rest_not_waited_for() {
    let begin = "HTTP/1.1 202 Accepted\r\nContent-Length: 10000000000\r\n\r\n";
    let peer = Peer::at("127.0.0.1:0", move |line| for_ever(line, begin, b"thanks\x1b[31m\0")).await;

    let request = Request::webhook(Destination::Operator, peer.url(PEER, "/"), "{}");
    let answer = client().send(request).await.expect("an answer");

    assert_eq!((answer.status.as_u16(), answer.body.len()), (202, 1024));
    assert!(answer.excerpt().starts_with("thanks[31mthanks"), "{}", answer.excerpt());
}
