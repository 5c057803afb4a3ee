//! A mail server for tests: speaks SMTP (RFC 5321) over a real socket, keeps what it is given, and is
//! as unfriendly as it is told to be.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

#[derive(Clone)]
pub(crate) struct Sink {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    /// What to answer to the final dot.
    answer: Arc<Mutex<&'static str>>,
}

impl Sink {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Self {
            address: listener.local_addr().expect("an address"),
            received: Arc::default(),
            answer: Arc::new(Mutex::new("250 2.0.0 taken")),
        };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.converse(stream).await });
            }
        });
        sink
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn answers(&self, answer: &'static str) {
        *self.answer.lock().expect("unpoisoned") = answer;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("unpoisoned").clone()
    }

    async fn converse(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let (mut from, mut to) = (String::new(), Vec::new());
        write.write_all(b"220 sink.test ESMTP\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let said = line.to_ascii_uppercase();
            let answer = if said.starts_with("EHLO") {
                "250-sink.test\r\n250 8BITMIME"
            } else if said.starts_with("MAIL FROM:") {
                from = between(&line);
                "250 ok"
            } else if said.starts_with("RCPT TO:") {
                to.push(between(&line));
                "250 ok"
            } else if said == "DATA" {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let data = body(&mut lines).await?;
                let answer = *self.answer.lock().expect("unpoisoned");
                if answer.starts_with('2') {
                    let received =
                        Received { from: std::mem::take(&mut from), to: std::mem::take(&mut to), data };
                    self.received.lock().expect("unpoisoned").push(received);
                }
                answer
            } else if said == "QUIT" {
                "221 bye"
            } else {
                "250 ok"
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        Some(())
    }
}

/// What stands in angle brackets.
fn between(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(address, _)| address.to_owned())
}

/// The message up to its final dot, with doubled dots undone (RFC 5321 §4.5.2).
async fn body(lines: &mut tokio::io::Lines<BufReader<tokio::net::tcp::OwnedReadHalf>>) -> Option<String> {
    let mut data = String::new();
    loop {
        let line = lines.next_line().await.ok()??;
        if line == "." {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
}
