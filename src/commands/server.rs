//! Taking connections, and no longer taking them without cutting anybody off.
//!
//! `axum::serve` stops accepting at once, closes connections whose first request is still on its way,
//! and waits for slow headers for ever. Here the end has steps:
//! 1. Told to stop: every answer says `Connection: close`. After SIGTERM new connections are still taken
//!    for a moment, because a proxy in front needs it to see that we are no longer ready.
//! 2. Nothing new is taken. Idle connections are closed, begun requests finish.
//! 3. After [`DRAIN`], or the second signal, the rest is cut off.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request, response::Response};
use http::{HeaderValue, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use super::signals::{Stop, Urgency};
use crate::web::App;

/// How long new connections are still taken after SIGTERM.
const LINGER: Duration = Duration::from_secs(1);
/// How long connections on a socket that is shared wait for us to start.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long begun requests may take to finish.
const DRAIN: Duration = Duration::from_secs(25);
/// Longer than a proxy keeps an idle connection to us (60 s is usual), so that it closes first.
const IDLE: Duration = Duration::from_secs(75);
/// For a connection that was opened and on which nothing was asked yet.
const FIRST_REQUEST: Duration = Duration::from_millis(500);
/// When the system has no more files to give; taking a connection fails at once until some are closed.
const EXHAUSTED: Duration = Duration::from_millis(50);

pub(super) async fn run(
    (listener, is_shared): (TcpListener, bool),
    router: Router,
    app: App,
    mut stop: Stop,
) {
    let mut open = JoinSet::new();
    if is_shared {
        tokio::select! {
            () = started(&app) => {}
            () = stop.wanted() => {}
        }
    }
    let serving = Serving { router, app, stop: stop.clone() };
    tokio::select! {
        () = accept(&listener, &serving, &mut open) => {}
        () = stop.wanted() => {}
    }
    if stop.urgency() == Urgency::Gently {
        tokio::select! {
            () = accept(&listener, &serving, &mut open) => {}
            () = sleep(LINGER) => {}
            () = stop.reaches(Urgency::Soon) => {}
        }
    }
    drop(listener);
    drop(serving);
    let left = async { while open.join_next().await.is_some() {} };
    tokio::select! {
        drained = timeout(DRAIN, left) => {
            if drained.is_err() {
                tracing::warn!("Some requests did not finish within {} seconds and were cut off", DRAIN.as_secs());
            }
        }
        () = stop.reaches(Urgency::Now) => {}
    }
}

/// On a socket that is handed over another process may serve still: what we took before we can answer
/// with pages would be taken from it. After [`PATIENCE`] nobody seems to, and probes want an answer.
async fn started(app: &App) {
    let started = async {
        while app.is_starting() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = timeout(PATIENCE, started).await;
}

#[derive(Clone)]
struct Serving {
    router: Router,
    app: App,
    stop: Stop,
}

/// Takes connections for ever.
async fn accept(listener: &TcpListener, serving: &Serving, open: &mut JoinSet<()>) {
    loop {
        // Reap what has ended, or the set grows with every connection there ever was.
        while open.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, peer)) => {
                open.spawn(serving.clone().connection(stream, peer));
            }
            // The visitor was gone before we looked: nothing is wrong with us.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!(error = %error, "A connection could not be taken: {error}");
                sleep(EXHAUSTED).await;
            }
        }
    }
}

impl Serving {
    async fn connection(self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        let Self { router, app, mut stop } = self;
        let asked = Arc::new(AtomicBool::new(false));
        let was_asked = Arc::clone(&asked);
        let service = service_fn(move |request| {
            was_asked.store(true, Ordering::SeqCst);
            answer(router.clone(), app.clone(), peer, request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        tokio::select! {
            // A connection that breaks concerns nobody but the visitor, who knows.
            _ = connection.as_mut() => return,
            () = last_call(&mut stop) => {}
        }
        connection.as_mut().graceful_shutdown();
        if !asked.load(Ordering::SeqCst) && timeout(FIRST_REQUEST, connection.as_mut()).await.is_ok() {
            return;
        }
        if asked.load(Ordering::SeqCst) {
            _ = connection.await;
        }
    }
}

/// Returns when idle connections are to be closed.
async fn last_call(stop: &mut Stop) {
    stop.wanted().await;
    if stop.urgency() == Urgency::Gently {
        tokio::select! {
            () = sleep(LINGER) => {}
            () = stop.reaches(Urgency::Soon) => {}
        }
    }
}

async fn answer(
    router: Router,
    app: App,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let mut response = router.oneshot(request).await?;
    if app.is_stopping() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}
