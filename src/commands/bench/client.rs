//! Asks, on connections that stay open, and takes nothing but 200 for an answer.
//!
//! A client of our own: what it costs is not counted, and it does what it is told and nothing else.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// The same question, as often as wanted.
#[derive(Clone)]
pub(super) struct Ask {
    pub address: SocketAddr,
    pub path: String,
    pub cookie: String,
    pub connections: u32,
    /// Asks for a part of a page, as a page that is changed in place does.
    pub is_part: bool,
}

pub(super) struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What a browser would send back: every cookie that was set.
    pub(super) fn cookies(&self) -> Vec<String> {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next()).map(str::to_owned).collect()
    }
}

impl Ask {
    /// Asks so often in all, and says how many bytes of pages came.
    pub(super) async fn times(&self, requests: u32) -> anyhow::Result<u64> {
        Ok(self.timed(requests).await?.1)
    }

    /// Asks so often in all, and says how long each answer took and how many bytes it had.
    pub(super) async fn timed(&self, requests: u32) -> anyhow::Result<(Vec<Duration>, u64)> {
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..self.connections {
            let share = requests / self.connections + u32::from(n < requests % self.connections);
            asking.spawn(self.clone().on_one_connection(share));
        }
        let (mut each, mut bytes) = (Vec::new(), 0);
        while let Some(done) = asking.join_next().await {
            let (took, came) = done??;
            each.extend(took);
            bytes += came;
        }
        Ok((each, bytes))
    }

    async fn on_one_connection(self, requests: u32) -> anyhow::Result<(Vec<Duration>, u64)> {
        let mut stream = BufReader::new(TcpStream::connect(self.address).await?);
        let (mut each, mut bytes) = (Vec::new(), 0);
        let question = if self.is_part { get_part } else { get }(&self.path, &self.cookie);
        for _ in 0..requests {
            let begun = Instant::now();
            let answer = exchange(&mut stream, &question).await?;
            each.push(begun.elapsed());
            ensure!(answer.status == 200, "{} answered {}", self.path, answer.status);
            bytes += answer.body.len() as u64;
        }
        Ok((each, bytes))
    }
}

/// As a browser asks that says what it is: what says nothing of itself counts as a machine.
pub(super) fn get(path: &str, cookie: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) \
         Gecko/20100101 Firefox/140.0\r\nCookie: {cookie}\r\n\r\n"
    )
}

/// The same, for a part of a page.
pub(super) fn get_part(path: &str, cookie: &str) -> String {
    get(path, cookie).replacen("\r\n", "\r\nHX-Request: true\r\nHX-Request-Type: partial\r\n", 1)
}

pub(super) fn post(path: &str, cookie: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    )
}

/// One question and its answer.
pub(super) async fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> anyhow::Result<Answer> {
    stream.get_mut().write_all(request.as_bytes()).await?;
    answer(stream).await
}

/// The answer to a question that was sent.
pub(super) async fn answer(stream: &mut BufReader<TcpStream>) -> anyhow::Result<Answer> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            bail!("the server closed the connection");
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let status = lines.first().and_then(|line| line.split(' ').nth(1)).context("no status")?.parse()?;
    let headers = lines.iter().filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    match answer.header("content-length").map(str::parse) {
        Some(length) => {
            answer.body = vec![0; length?];
            stream.read_exact(&mut answer.body).await?;
        }
        None if answer.header("transfer-encoding") == Some("chunked") => answer.body = chunks(stream).await?,
        None => {}
    }
    Ok(answer)
}

/// A body in pieces (RFC 9112 §7.1), each with its size in front and an empty one at the end.
async fn chunks(stream: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        stream.read_line(&mut size).await?;
        let size = usize::from_str_radix(size.trim(), 16)?;
        let mut chunk = vec![0; size + 2];
        stream.read_exact(&mut chunk).await?;
        chunk.truncate(size);
        body.append(&mut chunk);
        if size == 0 {
            return Ok(body);
        }
    }
}
