//! A mail server that delivers nothing: it counts, looks for duplicates, and is as unfriendly as it is told.
//!
//! For measuring senders and for testing them. What it costs per message is small against any sender, and
//! it can be asked afterwards what it took, from whom, and which Message-IDs came twice.

use std::{
    collections::HashSet,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use memchr::{memchr, memmem};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// When a [`Script`] is asked what to do.
#[derive(Clone, Copy, Debug)]
pub enum Moment<'a> {
    Connected,
    /// A line that is no part of a message.
    Command(&'a str),
    /// A message has ended, the so-many-th of all, from one on.
    Dot(u64),
}

/// What a sink does then.
#[derive(Clone, Debug)]
pub enum Act {
    /// What a friendly server would.
    Usual,
    Say(String),
    SayAndClose(String),
    Close,
    /// Nothing, with the connection open.
    Stall,
}

/// Decides at every moment.
pub type Script = Arc<dyn Fn(Moment<'_>) -> Act + Send + Sync>;

/// Is shown every message that is taken: whom it is for (RCPT, whole) and the message as it was on the wire.
pub type Inspector = Arc<dyn Fn(&str, &[u8]) + Send + Sync>;

/// How friendly a sink is, and what it keeps.
#[derive(Clone, Default)]
pub struct Profile {
    pub script: Option<Script>,
    /// Waited before each answer to a message.
    pub latency: Duration,
    /// Offers STARTTLS with this certificate.
    pub starttls: Option<Arc<ServerConfig>>,
    /// Speaks TLS from the first octet on.
    pub tls: Option<Arc<ServerConfig>>,
    /// Keeps the messages themselves.
    pub keep: bool,
    pub inspector: Option<Inspector>,
    /// Answers EHLO with these lines; with PIPELINING, 8BITMIME and SMTPUTF8 when there are none.
    pub offers: Vec<String>,
}

impl Profile {
    /// So many of a thousand messages are put off (4xx), refused (5xx), and lost after the dot.
    pub fn unfriendly(put_off: u64, refused: u64, lost: u64) -> Self {
        let script = move |moment: Moment<'_>| match moment {
            // 617 has no factor in common with 1000: the faults are spread evenly.
            Moment::Dot(number) => match number * 617 % 1000 {
                draw if draw < put_off => Act::Say("451 4.3.0 not now".to_owned()),
                draw if draw < put_off + refused => Act::Say("554 5.7.1 not wanted".to_owned()),
                draw if draw < put_off + refused + lost => Act::Close,
                _ => Act::Usual,
            },
            _ => Act::Usual,
        };
        Self { script: Some(Arc::new(script)), ..Self::default() }
    }
}

/// One message that a sink has taken or was given, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The commands MAIL and RCPT, whole.
    pub from: String,
    pub to: Vec<String>,
    /// As it was on the wire, without the dot that ended it.
    pub wire: Vec<u8>,
    /// Whether the answer was positive.
    pub taken: bool,
}

impl Received {
    /// The message with its dots as they were before.
    pub fn message(&self) -> Vec<u8> {
        let mut message = Vec::with_capacity(self.wire.len());
        for line in self.wire.split_inclusive(|b| *b == b'\n') {
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        message
    }
}

/// What came, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub connections: u64,
    pub messages: u64,
    pub taken: u64,
    pub octets: u64,
    /// Messages taken whose Message-ID was taken before.
    pub doubled: u64,
}

#[derive(Default)]
struct Counts {
    connections: AtomicU64,
    messages: AtomicU64,
    taken: AtomicU64,
    octets: AtomicU64,
    doubled: AtomicU64,
}

/// A running sink. Dropped, it stops listening.
pub struct Sink {
    pub address: SocketAddr,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

struct State {
    profile: Profile,
    counts: Counts,
    ids: Mutex<HashSet<Vec<u8>>>,
    received: Mutex<Vec<Received>>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Sink {
    /// Listens at once, on a port of the system's choice when it is 0.
    pub async fn start(address: SocketAddr, profile: Profile) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            profile,
            counts: Counts::default(),
            ids: Mutex::default(),
            received: Mutex::default(),
        });
        let serving = state.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.counts.connections.fetch_add(1, Relaxed);
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        Ok(Self { address, state, listening })
    }

    pub fn tally(&self) -> Tally {
        let counts = &self.state.counts;
        Tally {
            connections: counts.connections.load(Relaxed),
            messages: counts.messages.load(Relaxed),
            taken: counts.taken.load(Relaxed),
            octets: counts.octets.load(Relaxed),
            doubled: counts.doubled.load(Relaxed),
        }
    }

    /// What was kept, in the order in which it ended.
    pub fn received(&self) -> Vec<Received> {
        held(&self.state.received).clone()
    }

    /// Whether a message of this Message-ID was taken.
    pub fn has(&self, message_id: &str) -> bool {
        held(&self.state.ids).contains(message_id.as_bytes())
    }
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// One conversation.
struct Talk {
    stream: Box<dyn Io>,
    /// What came and was not understood yet, and how much of it is behind us.
    came: Vec<u8>,
    at: usize,
    say: Vec<u8>,
    from: String,
    to: Vec<String>,
}

/// Whether a conversation goes on.
enum After {
    More,
    Data,
    StartTls,
    Over,
}

impl State {
    async fn serve(self: Arc<Self>, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let stream: Box<dyn Io> = match &self.profile.tls {
            Some(tls) => Box::new(TlsAcceptor::from(tls.clone()).accept(stream).await?),
            None => Box::new(stream),
        };
        let mut talk = Talk {
            stream,
            came: Vec::with_capacity(64 * 1024),
            at: 0,
            say: Vec::new(),
            from: String::new(),
            to: Vec::new(),
        };
        match self.ask(Moment::Connected) {
            Act::Usual => talk.line("220 sink.test ESMTP"),
            act => {
                if !talk.act(act).await? {
                    return talk.tell().await;
                }
            }
        }
        loop {
            match self.command(&mut talk).await? {
                After::More => {}
                After::Data => {
                    if !self.message(&mut talk).await? {
                        return talk.tell().await;
                    }
                }
                After::StartTls => talk = self.encrypted(talk).await?,
                After::Over => return talk.tell().await,
            }
        }
    }

    fn ask(&self, moment: Moment<'_>) -> Act {
        self.profile.script.as_ref().map_or(Act::Usual, |script| script(moment))
    }

    async fn encrypted(&self, mut talk: Talk) -> io::Result<Talk> {
        talk.tell().await?;
        let Some(tls) = &self.profile.starttls else { return Err(io::ErrorKind::Unsupported.into()) };
        talk.stream = Box::new(TlsAcceptor::from(tls.clone()).accept(talk.stream).await?);
        Ok(talk)
    }

    async fn command(&self, talk: &mut Talk) -> io::Result<After> {
        let end = loop {
            let rest = talk.came.get(talk.at..).unwrap_or_default();
            match memchr(b'\n', rest) {
                Some(end) => break talk.at + end,
                None => talk.more().await?,
            }
        };
        let line = String::from_utf8_lossy(talk.came.get(talk.at..end).unwrap_or_default());
        let line = line.trim_end_matches('\r').to_owned();
        talk.at = end + 1;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let act = self.ask(Moment::Command(&line));
        let is_good = match &act {
            Act::Usual => true,
            Act::Say(text) => text.starts_with('2'),
            _ => false,
        };
        match verb.as_str() {
            "MAIL" if is_good => (talk.from, talk.to) = (line.clone(), Vec::new()),
            "RCPT" if is_good && !talk.from.is_empty() => talk.to.push(line.clone()),
            "RSET" => (talk.from, talk.to) = (String::new(), Vec::new()),
            _ => {}
        }
        match act {
            Act::Usual => Ok(self.usual(talk, &verb, &line)),
            act => Ok(if talk.act(act).await? { After::More } else { After::Over }),
        }
    }

    fn usual(&self, talk: &mut Talk, verb: &str, line: &str) -> After {
        match verb {
            "EHLO" => self.offer(talk),
            "DATA" if talk.to.is_empty() => talk.line("554 5.5.1 nobody to deliver to"),
            "DATA" => {
                talk.line("354 go on");
                return After::Data;
            }
            "STAR" if self.profile.starttls.is_some() => {
                talk.line("220 go on");
                return After::StartTls;
            }
            "QUIT" => {
                talk.line("221 bye");
                return After::Over;
            }
            "RCPT" if talk.from.is_empty() => talk.line("503 5.5.1 from whom?"),
            "MAIL" | "RCPT" | "RSET" | "NOOP" | "HELO" => talk.line("250 2.0.0 ok"),
            _ => talk.line(&format!("500 5.5.1 what is {}", line.get(..20).unwrap_or(verb))),
        }
        After::More
    }

    fn offer(&self, talk: &mut Talk) {
        talk.line("250-sink.test");
        if self.profile.starttls.is_some() {
            talk.line("250-STARTTLS");
        }
        if self.profile.offers.is_empty() {
            ["250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8"].iter().for_each(|line| talk.line(line));
        }
        self.profile.offers.iter().for_each(|offer| talk.line(&format!("250-{offer}")));
        talk.line("250 ENHANCEDSTATUSCODES");
    }

    /// Takes a message. `false` when the conversation is over.
    async fn message(&self, talk: &mut Talk) -> io::Result<bool> {
        let end = memmem::Finder::new(b"\r\n.\r\n");
        let mut seen = 0;
        let length = loop {
            let rest = talk.came.get(talk.at..).unwrap_or_default();
            if rest.starts_with(b".\r\n") {
                break 0;
            }
            if let Some(found) = end.find(rest.get(seen..).unwrap_or_default()) {
                break seen + found + 2;
            }
            seen = rest.len().saturating_sub(4);
            talk.more().await?;
        };
        let number = self.counts.messages.fetch_add(1, Relaxed) + 1;
        self.counts.octets.fetch_add(length as u64, Relaxed);
        if !self.profile.latency.is_zero() {
            tokio::time::sleep(self.profile.latency).await;
        }
        let act = self.ask(Moment::Dot(number));
        let taken = match &act {
            Act::Usual => true,
            Act::Say(text) | Act::SayAndClose(text) => text.starts_with('2'),
            // It has the message, whatever the sender comes to know.
            Act::Close | Act::Stall => true,
        };
        self.keep(talk, length, taken);
        talk.at += length + 3;
        (talk.from, talk.to) = (String::new(), Vec::new());
        match act {
            Act::Usual => {
                talk.line(&format!("250 2.0.0 Ok: queued as {number:08X}"));
                Ok(true)
            }
            act => talk.act(act).await,
        }
    }

    fn keep(&self, talk: &Talk, length: usize, taken: bool) {
        let wire = talk.came.get(talk.at..talk.at + length).unwrap_or_default();
        if taken {
            self.counts.taken.fetch_add(1, Relaxed);
            if let Some(id) = message_id(wire)
                && !held(&self.ids).insert(id.to_vec())
            {
                self.counts.doubled.fetch_add(1, Relaxed);
            }
            if let Some(inspector) = &self.profile.inspector {
                talk.to.iter().for_each(|to| inspector(to, wire));
            }
        }
        if self.profile.keep {
            let (from, to) = (talk.from.clone(), talk.to.clone());
            held(&self.received).push(Received { from, to, wire: wire.to_vec(), taken });
        }
    }
}

impl Talk {
    fn line(&mut self, line: &str) {
        self.say.extend_from_slice(line.as_bytes());
        self.say.extend_from_slice(b"\r\n");
    }

    async fn tell(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.say).await?;
        self.say.clear();
        self.stream.flush().await
    }

    /// Answers what came before, and waits for more.
    async fn more(&mut self) -> io::Result<()> {
        self.tell().await?;
        self.came.drain(..self.at.min(self.came.len()));
        self.at = 0;
        match self.stream.read_buf(&mut self.came).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Whether the conversation goes on.
    async fn act(&mut self, act: Act) -> io::Result<bool> {
        match act {
            Act::Usual => Ok(true),
            Act::Say(text) => {
                self.line(&text);
                Ok(true)
            }
            Act::SayAndClose(text) => {
                self.line(&text);
                Ok(false)
            }
            Act::Close => Ok(false),
            Act::Stall => {
                self.tell().await?;
                std::future::pending::<()>().await;
                Ok(false)
            }
        }
    }
}

fn message_id(message: &[u8]) -> Option<&[u8]> {
    let headers = message.get(..memmem::find(message, b"\r\n\r\n")?)?;
    let after = match headers.strip_prefix(b"Message-ID: <") {
        Some(first) => first,
        None => headers.get(memmem::find(headers, b"\r\nMessage-ID: <")? + 15..)?,
    };
    after.get(..memchr(b'>', after)?)
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
