//! Programs that others wrote read our mail: aiosmtpd and Postfix's smtp-sink take it, Python's email and
//! npm's mailparser read it, dkimpy and mailauth verify it.
//!
//! They are installed by `bin/test` (tests/peers). Where they are missing these tests say so and pass, unless
//! `GROUNDSWELL_PEERS=required`.
#![expect(clippy::indexing_slicing, reason = "a test that looks past an end should stop there")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

use data_encoding::BASE64;
use groundswell::channels::{
    address::Address,
    dkim::{Algorithm, PrivateKey, Signer},
    message::{Email, Mailbox},
    smtp::{Credentials, Encryption, Envelope, OpenError, Outcome, Pool, Prepared, Server, Timeouts, server},
};
use serde_json::{Value, json};

use super::{MAIL, address, connection, deliver, letter, pool_of, server_at};

const MAILS: usize = 1000;

pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Says aloud what was not tested: past the test runner, which shows only what failing tests print.
pub(crate) fn skipped(why: &str) {
    let is_required = std::env::var_os("GROUNDSWELL_PEERS").is_some_and(|value| value == "required");
    assert!(!is_required, "{why}");
    let _ = writeln!(std::io::stderr(), "SKIPPED, for {why}");
}

/// The Python of tests/peers, with what its requirements name.
pub(crate) fn python() -> Option<PathBuf> {
    Some(root("target/tools/peers/bin/python")).filter(|path| path.exists())
}

fn node() -> bool {
    root("tests/peers/node_modules/mailauth").exists() && root("tests/peers/node_modules/mailparser").exists()
}

/// aiosmtpd, on a port of its own, until it is dropped.
struct Peer {
    child: Child,
    _stdin: ChildStdin,
    port: u16,
    folder: PathBuf,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Peer {
    /// With a folder of its own, in which a certificate for localhost lies for `options` to name.
    fn start(name: &str, options: &[&str]) -> Option<(Self, rustls::pki_types::CertificateDer<'static>)> {
        let python = python()?;
        let folder = std::env::temp_dir().join(format!("groundswell-peer-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        fs::write(folder.join("cert.pem"), pem("CERTIFICATE", made.cert.der())).expect("written");
        fs::write(folder.join("key.pem"), pem("PRIVATE KEY", &made.signing_key.serialize_der()))
            .expect("written");
        let mut child = Command::new(python)
            .arg(root("tests/peers/serve.py"))
            .arg("mail.jsonl")
            .args(options)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut port).expect("a line");
        let stdin = child.stdin.take().expect("a pipe");
        let port = port.trim().parse().expect("a port");
        Some((Self { child, _stdin: stdin, port, folder }, made.cert.der().clone()))
    }

    fn mail(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.join("mail.jsonl")).expect("its mail");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn pem(what: &str, der: &[u8]) -> String {
    let encoded = BASE64.encode(der);
    let lines = encoded.as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// Runs a reader over lines of JSON.
fn read_by(command: &mut Command, lines: &str) -> Vec<Value> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a reader");
    let (mut stdin, lines) = (child.stdin.take().expect("a pipe"), lines.to_owned());
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let mut said = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("text");
    writing.join().expect("joined").expect("all of it read");
    assert!(child.wait().expect("its end").success());
    said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Mails as Python's email package with dkimpy, and as mailparser with mailauth read them. Nothing where
/// these are not installed, which is said aloud.
pub(crate) fn read_by_others(
    mails: &[Vec<u8>],
    records: &BTreeMap<String, String>,
) -> Option<[(&'static str, Vec<Value>); 2]> {
    let Some(python) = python().filter(|_| node()) else {
        skipped("the packages of tests/peers are not installed: bin/test installs them");
        return None;
    };
    let line = |mail: &Vec<u8>| format!("{}\n", json!({"data": BASE64.encode(mail), "records": records}));
    let given: String = mails.iter().map(line).collect();
    let by_python = read_by(Command::new(python).arg(root("tests/peers/read.py")), &given);
    let by_node = read_by(Command::new("node").arg(root("tests/peers/read.mjs")), &given);
    Some([("Python", by_python), ("mailparser", by_node)])
}

/// What the mail of this number says, all kinds in turn.
struct Said {
    name: String,
    subject: String,
    text: String,
    html: String,
    to: Address,
}

fn said(number: usize) -> Said {
    let pick = |all: &[&str], step: usize| all[number / step % all.len()].to_owned();
    let names = [
        "Olga Smith",
        "Smith, Olga",
        "Ölga Grüßner",
        "日本 花子",
        "a \"quoted\" name",
        "Дом",
        "=?utf-8?Q?x?=",
        "x@y.test",
    ];
    let subjects = [
        "A spring offer",
        "Grüße aus Köln — 20 % für Sie",
        "日本語の件名です、とても長いのでいくつかの行に分けられます",
        "😀 emoji 🎉",
        "=?utf-8?B?eA==?=",
        "tabs\tand\r\nlines",
    ];
    let bodies = [
        "Hello you.",
        ".\r\n..\r\n.leading dots",
        "From here\nto there ",
        "é=20=\n= soft ",
        "日本語の本文\n二行目",
        "trailing \t\nspaces  ",
    ];
    Said {
        name: pick(&names, 1),
        subject: format!("{} {number}", pick(&subjects, 3)),
        text: format!("{}\n{}\nEnd {number}", pick(&bodies, 5), "word ".repeat(number % 60).trim_end()),
        html: format!("<p>{}</p>{}<p>End {number}</p>", pick(&bodies, 7), "<b>x</b>".repeat(number % 400)),
        to: if number.is_multiple_of(50) {
            address(&format!("ö{number}@bücher.test"))
        } else {
            address(&format!("user{number}@corp.test"))
        },
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
}

/// Sends them all, each signed with both keys, and gives what each was.
async fn send_all(pool: &Pool, signers: &[Signer]) -> Vec<Vec<u8>> {
    let from = address("news@acme.test");
    let mut sent = Vec::new();
    for number in 0..MAILS {
        let said = said(number);
        let id = format!("{number:x}.1@acme.test");
        let email = Email {
            message_id: &id,
            to: Mailbox { name: Some(&said.name), address: &said.to },
            subject: &said.subject,
            text: &said.text,
            html: &said.html,
            ..letter(&from, &said.to)
        };
        let mut mail = Vec::new();
        email.write(&mut mail).expect("a message");
        let mut whole = Vec::new();
        signers.iter().for_each(|signer| signer.sign(&mail, &mut whole).expect("a signature"));
        whole.extend_from_slice(&mail);
        let envelope = Envelope { from: Some(&from), to: &said.to };
        let outcome = match connection(pool).await.prepare(&envelope, &whole).await {
            Prepared::Ready(ready) => ready.release().await,
            Prepared::Settled(outcome) => outcome,
        };
        let Outcome::Accepted(accepted) = outcome else { panic!("{number}: {outcome:?}") };
        assert_eq!(accepted.queue_id.as_deref(), Some("PEER"));
        sent.push(whole);
    }
    sent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_mails_are_read_and_verified_by_others_as_they_were_meant() {
    let Some((peer, _)) = Peer::start("read", &[]) else {
        return skipped("the Python packages of tests/peers are not installed: bin/test installs them");
    };
    if !node() {
        return skipped("the Node packages of tests/peers are not installed: bin/test installs them");
    }
    let keys =
        [Algorithm::Rsa2048, Algorithm::Ed25519].map(|kind| PrivateKey::generate(kind).expect("a key"));
    let signers: Vec<Signer> = keys
        .iter()
        .zip(["rsa", "ed"])
        .map(|(key, name)| Signer::new("acme.test", name, key).expect("one"))
        .collect();
    let mut server = server_at(peer.port);
    server.timeouts = Timeouts::default();
    let sent = send_all(&pool_of(server), &signers).await;

    let came = peer.mail();
    assert_eq!(came.len(), MAILS);
    let records: BTreeMap<String, String> =
        signers.iter().map(Signer::record).map(|record| (record.name, record.value)).collect();
    for (mail, sent) in came.iter().zip(&sent) {
        assert!(BASE64.encode(sent) == mail["data"].as_str().expect("data"), "not the octets that were sent");
    }
    for (reader, read) in read_by_others(&sent, &records).expect("both are installed") {
        assert_eq!(read.len(), MAILS);
        let wrong: Vec<String> = read.iter().enumerate().flat_map(|(at, mail)| faults(at, mail)).collect();
        assert!(
            wrong.is_empty(),
            "{reader}: {} faults\n{}",
            wrong.len(),
            wrong[..wrong.len().min(10)].join("\n")
        );
    }
}

/// What another program read otherwise than it was meant.
fn faults(number: usize, read: &Value) -> Vec<String> {
    let said = said(number);
    let text = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
    // As it is written: both readers leave a domain as it came, and show a foreign local part as it is.
    let pairs = [
        ("subject", text("subject"), flat(&said.subject)),
        ("text", lines(&text("text")), lines(&said.text)),
        ("html", lines(&text("html")), lines(&said.html)),
        ("id", text("id"), format!("<{number:x}.1@acme.test>")),
        ("name", read["to"][0][0].as_str().unwrap_or_default().to_owned(), said.name.clone()),
        ("address", ascii(read["to"][0][1].as_str().unwrap_or_default()), said.to.to_string()),
        ("from", read["from"][0][1].as_str().unwrap_or_default().to_owned(), "news@acme.test".to_owned()),
        ("mailboxes", read["to"].as_array().map_or(0, Vec::len).to_string(), "1".to_owned()),
        ("dkim", read["dkim"].to_string(), "[true,true]".to_owned()),
        ("defects", read["defects"].to_string(), "[]".to_owned()),
        ("fields", read["names"].as_array().map_or(0, Vec::len).to_string(), "14".to_owned()),
    ];
    let wrong = pairs.into_iter().filter(|(_, read, meant)| read != meant);
    wrong.map(|(what, read, meant)| format!("{number} {what}: {read:?}, and {meant:?} was meant")).collect()
}

/// A domain that a reader has put back into its own script, in ASCII again.
fn ascii(address: &str) -> String {
    Address::parse(address).map_or_else(|| address.to_owned(), |address| address.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aiosmtpd_takes_mail_over_starttls_and_tls_and_after_sign_in() {
    let sealed = ["cert.pem", "key.pem"];
    for (name, option, encryption) in
        [("starttls", "--starttls", Encryption::StartTls), ("tls", "--tls", Encryption::Tls)]
    {
        let options = [option, sealed[0], sealed[1], "--auth", "acme", "s3cret"];
        let Some((peer, root)) = Peer::start(name, &options) else {
            return skipped("the Python packages of tests/peers are not installed: bin/test installs them");
        };
        let tls = server::tls(&[root]).expect("TLS");
        let good = |password: &str| Server {
            host: "localhost".to_owned(),
            encryption,
            tls: tls.clone(),
            credentials: Some(Credentials {
                username: "acme".to_owned(),
                password: password.to_owned().into(),
            }),
            timeouts: Timeouts::default(),
            ..server_at(peer.port)
        };
        for _ in 0..3 {
            let outcome = deliver(&pool_of(good("s3cret")), MAIL).await;
            assert!(matches!(outcome, Outcome::Accepted(_)), "{name}: {outcome:?}");
        }
        let error = pool_of(good("wrong")).get().await.err();
        assert!(matches!(error, Some(OpenError::SignIn(_))), "{name}: {error:?}");
        let unsigned = Server { credentials: None, ..good("") };
        let outcome = deliver(&pool_of(unsigned), MAIL).await;
        assert!(matches!(outcome, Outcome::Permanent(_)), "{name}: {outcome:?}");
        assert_eq!(peer.mail().len(), 3);
    }
}

/// Postfix's smtp-sink, until it is dropped.
struct SmtpSink(Child);

impl Drop for SmtpSink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_mails_are_taken_by_the_sink_of_postfix() {
    let program = ["/usr/sbin/smtp-sink", "/usr/lib/postfix/sbin/smtp-sink"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let Some(program) = program else { return skipped("Postfix's smtp-sink is not installed") };
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let mut command = Command::new(program);
    command.args(["-u", "nobody", &format!("127.0.0.1:{port}"), "100"]).stdout(Stdio::null());
    let _sink = SmtpSink(command.spawn().expect("smtp-sink"));
    let mut server = server_at(port);
    server.timeouts = Timeouts::default();
    let pool =
        Pool::new(server, super::Limits { rest: std::time::Duration::ZERO, ..super::Limits::default() });
    // It takes a moment to listen.
    let begun = std::time::Instant::now();
    while pool.get().await.is_err() {
        assert!(begun.elapsed().as_secs() < 10, "smtp-sink does not listen");
        tokio::task::yield_now().await;
    }
    for number in 0..MAILS {
        let said = said(number);
        let from = address("news@acme.test");
        let to = if said.to.needs_smtputf8() { address("olga@corp.test") } else { said.to };
        let email =
            Email { subject: &said.subject, text: &said.text, html: &said.html, ..letter(&from, &to) };
        let outcome = deliver(&pool, &super::written(&email)).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{number}: {outcome:?}");
    }
}
