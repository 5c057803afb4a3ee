//! Somebody signed in, who does in the house what a person does in a browser: looks at pages, sends forms,
//! uploads a file.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, ensure};
use tokio::{
    fs::File,
    io::{AsyncWriteExt, BufReader, copy},
    net::TcpStream,
};

use super::client::{self, Answer, exchange};
use crate::sample;

/// What parts a form with a file in it.
const SEAM: &str = "groundswell-bench-seam";

#[derive(Clone)]
pub(super) struct Person {
    address: SocketAddr,
    pub cookie: String,
}

impl Person {
    /// Through the door, with the password of everybody in the sample.
    pub(super) async fn sign_in(address: SocketAddr, email: &str) -> anyhow::Result<Self> {
        let stranger = Self { address, cookie: String::new() };
        let page = stranger.ask(&client::get("/sign-in", "")).await?;
        let mut cookies = page.cookies();
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let token = between(&html, "name=\"_csrf\" value=\"", "\"").context("no form token")?;
        let form = form(&[("email", email), ("password", sample::PASSWORD), ("_csrf", token)]);
        let answer = stranger.ask(&client::post("/sign-in", &cookies.join("; "), &form)).await?;
        ensure!(answer.status == 303, "signing in answered {}", answer.status);
        cookies.extend(answer.cookies());
        Ok(Self { address, cookie: cookies.join("; ") })
    }

    /// A page.
    pub(super) async fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.ask(&client::get(path, &self.cookie)).await?;
        ensure!(answer.status == 200, "{path} answered {}", answer.status);
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// A part of a page.
    pub(super) async fn part(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.ask(&client::get_part(path, &self.cookie)).await?;
        ensure!(answer.status == 200, "{path} answered {}", answer.status);
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// Sends a form, and says where it leads.
    pub(super) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        led(path, &self.ask(&client::post(path, &self.cookie, &form(fields))).await?)
    }

    /// Sends a form whose field `file` is this file, read as it is sent, and says where it leads.
    pub(super) async fn upload(&self, path: &str, file: &Path) -> anyhow::Result<String> {
        let name = file.file_name().context("a file has a name")?.to_string_lossy();
        let head = format!(
            "--{SEAM}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        let end = format!("\r\n--{SEAM}--\r\n");
        let mut file = File::open(file).await?;
        let length = head.len() as u64 + file.metadata().await?.len() + end.len() as u64;
        let mut stream = BufReader::new(TcpStream::connect(self.address).await?);
        let line = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nContent-Length: {length}\r\n\
             Content-Type: multipart/form-data; boundary={SEAM}\r\n\r\n{head}",
            self.cookie
        );
        stream.get_mut().write_all(line.as_bytes()).await?;
        copy(&mut file, stream.get_mut()).await?;
        stream.get_mut().write_all(end.as_bytes()).await?;
        led(path, &client::answer(&mut stream).await?)
    }

    async fn ask(&self, request: &str) -> anyhow::Result<Answer> {
        exchange(&mut BufReader::new(TcpStream::connect(self.address).await?), request).await
    }
}

fn led(path: &str, answer: &Answer) -> anyhow::Result<String> {
    ensure!(answer.status == 303, "{path} answered {}", answer.status);
    Ok(answer.header("location").context("it leads nowhere")?.to_owned())
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// What stands in a page between these two.
pub(super) fn between<'a>(page: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    page.split_once(before)?.1.split(behind).next()
}
