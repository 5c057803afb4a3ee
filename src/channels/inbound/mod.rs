//! A small mail server of our own, for what comes back: it takes mail for addresses that a [`Postbox`] knows
//! and for no other, relays nothing, and keeps nothing.
//!
//! Speaks SMTP (RFC 5321) and LMTP (RFC 2033). Always true: a mail was dealt with for good before it is
//! answered with 250; what could not be dealt with now is answered with 451, and its sender tries again. What
//! somebody may cost us has a limit: octets, lines, recipients, mistakes, time, connections.
//!
//! - `talk`: commands and answers, without a connection
//! - `lines`: lines and messages off a connection
//! - `conversation`: one connection, from the greeting to its end

mod conversation;
mod lines;
mod talk;

use std::{sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use conversation::converse;

/// Who the mail is for.
pub trait Postbox: Send + Sync + 'static {
    /// Whether this is an address of ours. Asks nobody: it is called for every recipient.
    fn knows(&self, to: &str) -> bool;

    /// Deals with a mail. May be called again with the same one.
    fn take(&self, to: &str, raw: &[u8]) -> impl Future<Output = Result<(), NotNow>> + Send;
}

/// It could not be dealt with, and may be later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow;

/// What somebody may cost us.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Octets of a message.
    pub size: usize,
    pub recipients: usize,
    /// Octets of a command.
    pub line: usize,
    /// Commands of one connection that were refused.
    pub faults: u32,
    /// How long the next command may take to come, and all of a message.
    pub command: Duration,
    pub message: Duration,
    /// How long a connection lasts at the most.
    pub connection: Duration,
    pub connections: usize,
    /// How long what was begun may take after being told to stop.
    pub finish: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: 1024 * 1024,
            recipients: 10,
            line: 2048,
            faults: 10,
            command: Duration::from_secs(60),
            message: Duration::from_secs(120),
            connection: Duration::from_secs(600),
            connections: 50,
            finish: Duration::from_secs(10),
        }
    }
}

/// What every conversation knows.
struct Door<P> {
    postbox: P,
    /// What we call ourselves.
    name: String,
    limits: Limits,
}

/// When the system has no more files to give; taking a connection fails at once until some are closed.
const EXHAUSTED: Duration = Duration::from_millis(50);
/// How long somebody is listened to who is told that there is no room.
const TOLD: Duration = Duration::from_secs(1);

/// Takes mail until `stop` returns. A message that was begun by then is taken; nothing new is.
pub async fn run<P: Postbox>(
    listener: TcpListener,
    postbox: P,
    (name, limits): (&str, Limits),
    stop: impl Future<Output = ()> + Send,
) {
    let door = Arc::new(Door { postbox, name: name.to_owned(), limits });
    let (stopping, stopped) = watch::channel(false);
    let mut open = JoinSet::new();
    tokio::select! {
        () = accept(&listener, &door, &stopped, &mut open) => {}
        () = stop => {}
    }
    drop(listener);
    // Nobody may be left to hear it.
    let _ = stopping.send(true);
    let left = async { while open.join_next().await.is_some() {} };
    if timeout(limits.finish, left).await.is_err() {
        tracing::warn!("Some mail was not taken to its end; it will be sent to us again");
    }
}

/// Takes connections for ever.
async fn accept<P: Postbox>(
    listener: &TcpListener,
    door: &Arc<Door<P>>,
    stopped: &watch::Receiver<bool>,
    open: &mut JoinSet<()>,
) {
    let places = Arc::new(Semaphore::new(door.limits.connections));
    loop {
        while open.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => match places.clone().try_acquire_owned() {
                Ok(place) => {
                    let (door, stopped) = (door.clone(), stopped.clone());
                    open.spawn(async move {
                        let all = converse(stream, &door, stopped);
                        // A connection that breaks or lasts too long concerns nobody but the other side.
                        let _ = timeout(door.limits.connection, all).await;
                        drop(place);
                    });
                }
                Err(_) => turn_away(stream, &door.name).await,
            },
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!(error = %error, "A connection with mail could not be taken: {error}");
                sleep(EXHAUSTED).await;
            }
        }
    }
}

async fn turn_away(mut stream: TcpStream, name: &str) {
    use tokio::io::AsyncWriteExt;
    let told = format!("421 4.3.2 {name} has no room for more connections\r\n");
    let _ = timeout(TOLD, stream.write_all(told.as_bytes())).await;
}
