//! Somebody who listens on this machine, counts who comes, and answers as a test wants.

use std::{
    io,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

pub(super) struct Peer {
    at: IpAddr,
    pub port: u16,
    /// The ports they came from.
    accepted: watch::Receiver<Vec<u16>>,
    own: usize,
    pub written: Arc<AtomicUsize>,
    /// The heads of all requests, as they came.
    pub heads: Arc<Mutex<Vec<String>>>,
    listening: JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// A connection, and how much was written to it.
pub(super) struct Line {
    pub stream: TcpStream,
    written: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Line {
    /// Reads until the head of a request has ended. `None` when there is none to come.
    pub async fn head(&mut self) -> Option<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        self.heads.lock().expect("a lock").push(head.clone());
        Some(head)
    }

    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.written.fetch_add(bytes.as_ref().len(), Ordering::SeqCst);
        Ok(())
    }

    /// Nothing more, but without hanging up, until the other side does.
    pub async fn hold(&mut self) {
        while matches!(self.stream.read(&mut [0; 1024]).await, Ok(1..)) {}
    }
}

impl Peer {
    pub async fn at<F, W>(address: &str, serve: F) -> Self
    where
        F: Fn(Line) -> W + Send + 'static,
        W: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await.expect("an address to listen on");
        let own_address = listener.local_addr().expect("an address");
        let at =
            if own_address.ip().is_unspecified() { Ipv6Addr::LOCALHOST.into() } else { own_address.ip() };
        let (came, accepted) = watch::channel(Vec::new());
        let (written, heads) = <(Arc<AtomicUsize>, Arc<Mutex<Vec<String>>>)>::default();
        let (all_written, all_heads) = (Arc::clone(&written), Arc::clone(&heads));
        let listening = tokio::spawn(async move {
            while let Ok((stream, from)) = listener.accept().await {
                came.send_modify(|all| all.push(from.port()));
                let (written, heads) = (Arc::clone(&all_written), Arc::clone(&all_heads));
                tokio::spawn(serve(Line { stream, written, heads }));
            }
        });
        Self { at, port: own_address.port(), accepted, own: 0, written, heads, listening }
    }

    /// Somebody whom nobody should reach, on every address of this machine; hangs up at once.
    pub async fn canary() -> Self {
        Self::at("[::]:0", |_| async {}).await
    }

    /// Answers every request on every connection with what this makes of its path.
    pub async fn answering(answer: impl Fn(&str) -> String + Clone + Send + Sync + 'static) -> Self {
        let serve = move |mut line: Line| {
            let answer = answer.clone();
            async move {
                while let Some(head) = line.head().await {
                    let path = head.split(' ').nth(1).expect("a path").to_owned();
                    if line.write(answer(&path)).await.is_err() {
                        break;
                    }
                }
            }
        };
        Self::at("127.0.0.1:0", serve).await
    }

    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    /// How many came until now, those included who stand in the queue: we queue up behind them and wait
    /// until it is our turn.
    pub async fn count(&mut self) -> usize {
        let ours = TcpStream::connect((self.at, self.port)).await.expect("the peer listens");
        let our_port = ours.local_addr().expect("an address").port();
        self.own += 1;
        let all = self.accepted.wait_for(|all| all.contains(&our_port)).await.expect("the peer runs");
        all.len() - self.own
    }
}

/// An answer with this body.
pub(super) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
