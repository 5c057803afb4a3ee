//! The connections to one server: kept, limited, replaced, and not tried too often.

use std::{collections::HashSet, time::Duration};

use groundswell::channels::smtp::{Limits, OpenError, Outcome, Pool, Prepared};

use super::{Act, MAIL, Profile, address, connection, deliver, prepare, server_at, sink, sink_that};
use groundswell::{channels::smtp::Envelope, net::Destination};

#[tokio::test]
async fn one_connection_carries_messages_up_to_its_limit() {
    let sink = sink(Profile::default()).await;
    let limits = Limits { connections: 1, messages_per_connection: 3, ..Limits::default() };
    let pool = Pool::new(server_at(sink.address.port()), limits);
    for _ in 0..7 {
        assert!(matches!(deliver(&pool, MAIL).await, Outcome::Accepted(_)));
    }
    assert_eq!((sink.tally().messages, sink.tally().connections), (7, 3));
    assert_eq!(sink.tally().doubled, 6);
}

#[tokio::test]
async fn there_are_never_more_connections_than_allowed() {
    let sink = sink(Profile::default()).await;
    let pool = Pool::new(server_at(sink.address.port()), Limits { connections: 2, ..Limits::default() });
    let (Prepared::Ready(first), Prepared::Ready(second)) =
        (prepare(&pool, MAIL).await, prepare(&pool, MAIL).await)
    else {
        panic!("not ready")
    };
    let mut third = std::pin::pin!(pool.get());
    assert!(futures_util::poll!(&mut third).is_pending());
    // Both are ready at once: what a ledger commits together is released together.
    assert!(matches!(first.release().await, Outcome::Accepted(_)));
    assert!(third.await.is_ok());
    assert!(matches!(second.release().await, Outcome::Accepted(_)));
    assert_eq!(sink.tally().connections, 2);
}

#[tokio::test]
async fn many_at_once_are_each_delivered_once() {
    let sink = sink(Profile::default()).await;
    let pool = Pool::new(server_at(sink.address.port()), Limits { connections: 8, ..Limits::default() });
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..400 {
        let pool = pool.clone();
        sending.spawn(async move {
            let message = format!("Message-ID: <{number}@acme.test>\r\nX: y\r\n\r\nHello {number}\r\n");
            let message = ["From: a@b.test\r\n", &message].concat();
            deliver(&pool, message.as_bytes()).await
        });
    }
    while let Some(outcome) = sending.join_next().await {
        assert!(matches!(outcome.unwrap(), Outcome::Accepted(_)));
    }
    let tally = sink.tally();
    assert_eq!((tally.taken, tally.doubled), (400, 0));
    assert!(tally.connections <= 8 + 4, "{tally:?}");
    assert!((0..400).all(|number| sink.has(&format!("{number}@acme.test"))));
    let texts: HashSet<Vec<u8>> = sink.received().into_iter().map(|came| came.wire).collect();
    assert_eq!(texts.len(), 400);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_left_alone_longer_each_time() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let limits = Limits {
        rest: Duration::from_millis(100),
        rest_at_most: Duration::from_millis(300),
        ..Limits::default()
    };
    let pool = Pool::new(server_at(port), limits);
    for rest in [100, 200, 300, 300].map(Duration::from_millis) {
        let failed = tokio::time::Instant::now();
        assert!(matches!(pool.get().await.err(), Some(OpenError::Unreachable { .. })));
        let Some(OpenError::Resting { until }) = pool.get().await.err() else { panic!("not resting") };
        let resting = until - failed;
        assert!(resting >= rest && resting < rest + Duration::from_millis(90), "{rest:?}: {resting:?}");
        let _ = tokio::time::timeout_at(until, std::future::pending::<()>()).await;
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_unnoticed() {
    let sink = sink_that(".", Act::SayAndClose("250 2.0.0 taken".to_owned())).await;
    let pool = Pool::new(server_at(sink.address.port()), Limits { connections: 1, ..Limits::default() });
    let mut taken = 0;
    for _ in 0..4 {
        // That it is closed may not have been heard yet: then this one was not tried, and nothing is lost.
        match deliver(&pool, MAIL).await {
            Outcome::Accepted(_) => taken += 1,
            Outcome::NotTried(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(taken >= 2);
    assert_eq!(sink.tally().taken, taken);
}

#[tokio::test]
async fn a_tenants_server_may_not_lie_in_our_own_network() {
    let sink = sink(Profile::default()).await;
    for host in ["127.0.0.1", "localhost"] {
        let mut server = server_at(sink.address.port());
        (server.host, server.destination) = (host.to_owned(), Destination::Tenant);
        let error = Pool::new(server, Limits::default()).get().await.err();
        assert!(matches!(error, Some(OpenError::Unreachable { .. })), "{error:?}");
    }
    assert_eq!(sink.tally().connections, 0);
}

#[tokio::test]
async fn nothing_can_be_added_to_how_we_introduce_ourselves() {
    let sink = sink(Profile::default()).await;
    let mut server = server_at(sink.address.port());
    server.ehlo = "acme.test\r\nMAIL FROM:<x@x.test>".to_owned();
    let error = Pool::new(server, Limits::default()).get().await.err();
    assert!(matches!(error, Some(OpenError::Introduction)));
}

#[tokio::test]
async fn a_message_that_nobody_shall_send_back_has_an_empty_sender() {
    let sink = sink(Profile::default()).await;
    let pool = Pool::new(server_at(sink.address.port()), Limits::default());
    let to = address("olga@corp.test");
    let prepared = connection(&pool).await.prepare(&Envelope { from: None, to: &to }, MAIL).await;
    let Prepared::Ready(ready) = prepared else { panic!("not ready") };
    assert!(matches!(ready.release().await, Outcome::Accepted(_)));
    assert_eq!(sink.received()[0].from, "MAIL FROM:<>");
}
