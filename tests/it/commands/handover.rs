//! FLT-7: processes are replaced under load, behind one listening socket, and nobody notices.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rustix::process::Signal;

use super::{
    client::{self, Connection},
    running::{Running, eventually, folder, listener, url},
};
use crate::support::cluster;

#[derive(Default)]
struct Load {
    answered: AtomicUsize,
    failed: Mutex<Vec<String>>,
    enough: AtomicBool,
}

impl Load {
    fn count(&self, result: &std::io::Result<client::Answer>) {
        match result {
            Ok(answer) if answer.status == 200 => _ = self.answered.fetch_add(1, Ordering::SeqCst),
            Ok(answer) => self.fail(format!("status {}", answer.status)),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn fail(&self, why: String) {
        self.failed.lock().expect("unpoisoned").push(why);
    }

    fn goes_on(&self) -> bool {
        !self.enough.load(Ordering::SeqCst)
    }
}

/// A connection for every request.
async fn hurried(address: SocketAddr, load: Arc<Load>) {
    while load.goes_on() {
        load.count(&client::get(address, "/sign-in", "").await);
    }
}

/// One connection for as long as the server keeps it.
async fn patient(address: SocketAddr, load: Arc<Load>) {
    while load.goes_on() {
        let mut connection = Connection::open(address).await.expect("the socket is always there");
        while load.goes_on() {
            let sent = connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
            let answer = match sent {
                Ok(()) => connection.answer().await,
                Err(error) => Err(error),
            };
            load.count(&answer);
            if answer.map_or(true, |answer| answer.header("connection") == "close") {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_processes_take_over_from_each_other_and_no_request_fails() {
    let database = url(&cluster::fresh_database().await);
    let (folder, socket) = (folder("handover"), listener());
    let start = |n: usize| {
        let folder = folder.join(n.to_string());
        std::fs::create_dir_all(&folder).expect("a folder");
        Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &database), ("GROUNDSWELL_LOG", "warn")])
    };
    let mut old = start(0);
    old.until_ready().await;
    let load = Arc::new(Load::default());
    let mut visitors = Vec::new();
    for _ in 0..3 {
        visitors.push(tokio::spawn(hurried(old.address, Arc::clone(&load))));
        visitors.push(tokio::spawn(patient(old.address, Arc::clone(&load))));
    }

    for n in 1..=5 {
        // Both answer on the socket, so that the new one is ready shows in what it prints.
        let new = start(n);
        let greeted =
            eventually(Duration::from_secs(30), async || new.said().contains("Groundswell is at")).await;
        assert!(greeted.is_some(), "{}", new.said());
        old.signal(Signal::TERM);
        let status = old.ends_within(Duration::from_secs(25)).await;
        assert_eq!(status.code(), Some(0), "{}", old.said());
        old = new;
    }
    load.enough.store(true, Ordering::SeqCst);
    for visitor in visitors {
        visitor.await.expect("the visitor");
    }

    assert_eq!(*load.failed.lock().expect("unpoisoned"), Vec::<String>::new());
    let answered = load.answered.load(Ordering::SeqCst);
    assert!(answered > 2000, "only {answered}");
}

/// A request of which half is sent, on a process that is about to be told to stop.
async fn half_sent(process: &Running) -> Connection {
    let mut connection = Connection::open(process.address).await.expect("a connection");
    connection.send(&client::post_head("/sign-in", "", 20)).await.expect("sent");
    connection.send("email=half").await.expect("sent");
    // Answered after the half request was taken, for the process takes connections in order.
    client::get(process.address, "/livez", "").await.expect("an answer");
    connection
}

#[tokio::test]
async fn a_request_that_was_begun_is_finished_and_new_ones_are_not_taken() {
    let database = url(&cluster::fresh_database().await);
    let (folder, socket) = (folder("finished"), listener());
    let mut process = Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &database)]);
    process.until_ready().await;
    let mut begun = half_sent(&process).await;

    process.signal(Signal::TERM);
    let unready = eventually(Duration::from_secs(1), async || !process.is_ready().await).await;
    assert!(unready.is_some(), "{}", process.said());
    let closed = eventually(Duration::from_secs(5), async || {
        // Our own copy of the socket takes connections, but nobody answers on them.
        let asked =
            tokio::time::timeout(Duration::from_millis(300), client::get(process.address, "/livez", ""));
        !matches!(asked.await, Ok(Ok(_)))
    });
    assert!(closed.await.is_some(), "{}", process.said());
    assert!(process.has_ended().is_none(), "{}", process.said());
    begun.send("&_csrf=xxx").await.expect("sent");
    let answer = begun.answer().await.expect("an answer");

    assert!((300..500).contains(&answer.status), "{answer:?}");
    assert_eq!(answer.header("connection"), "close");
    assert_eq!(process.ends_within(Duration::from_secs(5)).await.code(), Some(0));
}

#[tokio::test]
async fn the_second_signal_does_not_wait_for_anybody() {
    let database = url(&cluster::fresh_database().await);
    let (folder, socket) = (folder("second"), listener());
    let mut process = Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &database)]);
    process.until_ready().await;
    let _begun = half_sent(&process).await;

    process.signal(Signal::TERM);
    eventually(Duration::from_secs(1), async || process.said().contains("Told to stop: "))
        .await
        .expect("it heard");
    let start = Instant::now();
    process.signal(Signal::TERM);
    process.ends_within(Duration::from_secs(10)).await;

    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
