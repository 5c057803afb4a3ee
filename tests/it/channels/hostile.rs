//! SMT-1: whatever stands in a name, a subject, a body or a header, one message arrives, as it was meant.
#![expect(clippy::indexing_slicing, reason = "a test that looks past an end should stop there")]

use groundswell::channels::{
    address::Address,
    message::{Email, List, Mailbox, MessageError},
    smtp::{Outcome, Unfit},
};
use mail_parser::MessageParser;

use super::{MAIL, Profile, address, deliver, letter, names, patient, sink, written};

const CASES: usize = 5000;
/// What an ending, a header, an envelope or a reader could stumble over.
const TRAPS: &[&str] = &[
    "\r",
    "\n",
    "\r\n",
    "\n\r",
    "\0",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{b}",
    "\u{7f}",
    "\t",
    " ",
    "  ",
    "\r\n.\r\n",
    "\n.\n",
    "\n.\r\n",
    "\r.\r",
    ".",
    "..",
    "\r\n.",
    "\r\n..\r\n",
    "\r\nBcc: victim@evil.test\r\n",
    "\nBcc: victim@evil.test",
    "\r\n\r\n",
    "\r\n.\r\nMAIL FROM:<evil@evil.test>\r\nRCPT TO:<victim@evil.test>\r\nDATA\r\n",
    "=?utf-8?Q?=0D=0ABcc:_x?=",
    "=?utf-8?B?",
    "?=",
    "=",
    "=\r\n",
    "=0D=0A",
    "--=_0199aa1acmetest",
    "--=_x--",
    "\"",
    "\\",
    "\\\"",
    "<",
    ">",
    ",",
    ";",
    ":",
    "(",
    ")",
    "@",
    "ü",
    "日本語",
    "😀",
    "é\u{301}",
    "\u{200f}\u{202e}",
    "\u{feff}",
    "From ",
    "\r\nFrom me",
    "Content-Type: text/html",
    "{{ name }}",
    "plain words",
    "a b c",
];

/// The same on every machine: a case that fails can be looked at again by its number.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.next(6) {
            match self.next(12) {
                0 => text.push_str(&"x".repeat([75, 76, 77, 900, 997, 998, 999, 3000][self.next(8)])),
                1 => text.push_str(&".".repeat(self.next(80))),
                2 => text.push_str(&"ü ".repeat(self.next(200))),
                _ => text.push_str(TRAPS[self.next(TRAPS.len())]),
            }
        }
        text
    }

    /// Harmless half of the time, so that one hostile field is tried with others as they should be.
    fn or(&mut self, usual: &str) -> String {
        if self.next(3) == 0 { self.text() } else { usual.to_owned() }
    }
}

/// A line for people: without anything that ends lines, single spaces.
fn one_line(typed: &str) -> String {
    let line = typed.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A body with the line ends of mail.
fn lines(typed: &str) -> String {
    typed.replace("\r\n", "\n").replace('\r', "\n").trim_end_matches('\n').replace('\n', "\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_hostile_mails_arrive_as_they_were_meant_or_are_refused() {
    let sink = sink(Profile::default()).await;
    let pool = patient(&sink);
    let (from, mut sent, mut refused) = (address("news@acme.test"), Vec::new(), 0);
    for case in 0..CASES {
        let mut draw = Draw(case as u64);
        let [to_name, from_name, list_name] = [draw.or("Olga"), draw.or("Acme"), draw.or("Spring")];
        let [subject, text, html] = [draw.or("Offer"), draw.or("Hello"), draw.or("<p>Hello</p>")];
        let (name, value) = (draw.or("X-Campaign"), draw.or("spring"));
        let [id, list_id] = [draw.or("0199aa.1@acme.test"), draw.or("spring.acme.test")];
        let to = Address::parse(&draw.or("olga@corp.test")).unwrap_or_else(|| address("olga@corp.test"));
        let extra = [(name.as_str(), value.as_str())];
        let mut email = letter(&from, &to);
        (email.subject, email.text, email.html, email.message_id) = (&subject, &text, &html, &id);
        email.to.name = Some(&to_name);
        email.from.name = Some(&from_name);
        email.extra = &extra;
        email.list = email.list.map(|list| List { name: &list_name, id: &list_id, ..list });
        let mut message = Vec::new();
        match email.write(&mut message) {
            Ok(()) => {}
            Err(_) => {
                assert!(message.is_empty(), "case {case} left something behind");
                refused += 1;
                continue;
            }
        }
        look_at(case, &email, &message);
        let outcome = deliver(&pool, &message).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "case {case}: {outcome:?}");
        sent.push(message);
    }
    let received = sink.received();
    assert_eq!(received.len(), sent.len());
    for (came, message) in received.iter().zip(&sent) {
        assert!(came.message() == *message, "{}", String::from_utf8_lossy(message));
        assert_eq!(came.to.len(), 1);
    }
    assert!(sent.len() > CASES / 4 && refused > CASES / 10, "{} sent, {refused} refused", sent.len());
}

/// The fields that were meant and no others, on lines that mail can have, and the words that were typed.
fn look_at(case: usize, email: &Email<'_>, message: &[u8]) {
    let own = names(message);
    let meant = [
        "Date",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
        "Feedback-ID",
        email.extra[0].0,
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(own, meant, "case {case}");
    for line in message.split(|b| *b == b'\n') {
        assert!(line.len() <= 999, "case {case} has a line of {}", line.len());
        let bare = line.strip_suffix(b"\r").unwrap_or(line);
        assert!(!bare.iter().any(|b| b"\r\0".contains(b)), "case {case}");
    }
    let parsed = MessageParser::default().parse(message).expect("a mail");
    assert_eq!(parsed.subject().unwrap_or_default(), one_line(email.subject), "case {case}");
    let to = parsed.to().and_then(|to| to.first()).expect("a recipient");
    assert_eq!(to.name().unwrap_or_default(), one_line(email.to.name.unwrap_or_default()), "case {case}");
    assert_eq!((parsed.text_body.len(), parsed.html_body.len()), (1, 1), "case {case}");
    for (body, typed) in [(parsed.body_text(0), email.text), (parsed.body_html(0), email.html)] {
        let body = body.unwrap_or_default();
        assert_eq!(body.trim_end_matches(['\r', '\n']), lines(typed), "case {case}");
    }
}

#[test]
fn what_programs_write_is_refused_when_it_could_end_a_header() {
    let (from, to) = (address("news@acme.test"), address("olga@corp.test"));
    for bad in ["a\r\nb", "a\nb", "a\rb", "a\0b", "a\u{2028}b", "a\u{85}b"] {
        let extra = [("X-Note", bad)];
        let refused = Email { extra: &extra, ..letter(&from, &to) }.write(&mut Vec::new());
        assert_eq!(refused, Err(MessageError::ExtraValue("X-Note".to_owned())), "{bad:?}");
        let extra = [(bad, "x")];
        let refused = Email { extra: &extra, ..letter(&from, &to) }.write(&mut Vec::new());
        assert_eq!(refused, Err(MessageError::ExtraName(bad.to_owned())));
        let refused = Email { message_id: bad, ..letter(&from, &to) }.write(&mut Vec::new());
        assert_eq!(refused, Err(MessageError::Token("Message-ID")));
        let refused = Email { feedback_id: Some(bad), ..letter(&from, &to) }.write(&mut Vec::new());
        assert_eq!(refused, Err(MessageError::Token("Feedback-ID")));
    }
    for name in ["Bcc", "bcc", "From", "Content-Type", "DKIM-Signature", "Return-Path", "", "X:Y", "X Y"] {
        let extra = [(name, "x")];
        let refused = Email { extra: &extra, ..letter(&from, &to) }.write(&mut Vec::new());
        assert_eq!(refused, Err(MessageError::ExtraName(name.to_owned())));
    }
}

#[tokio::test]
async fn a_message_that_servers_read_differently_is_not_sent() {
    let sink = sink(Profile::default()).await;
    let pool = patient(&sink);
    for body in ["a\n.\r\nb", "a\r.\rb", "a\nb", "a\r\n.\nMAIL FROM:<x@x.test>\r\n", "a\0b", &"x".repeat(999)]
    {
        let message = [b"Subject: x\r\n\r\n", body.as_bytes()].concat();
        let outcome = deliver(&pool, &message).await;
        assert!(matches!(outcome, Outcome::Unfit(Unfit::Malformed(_))), "{outcome:?}");
    }
    assert_eq!(sink.tally().messages, 0);
    assert!(matches!(deliver(&pool, MAIL).await, Outcome::Accepted(_)));
}

#[tokio::test]
async fn dots_arrive_as_they_were_and_are_doubled_on_the_wire_only() {
    let sink = sink(Profile::default()).await;
    let pool = patient(&sink);
    let message = b"A: b\r\n\r\n.\r\n..\r\n.a\r\n...b\r\nc.\r\n.";
    assert!(matches!(deliver(&pool, message).await, Outcome::Accepted(_)));
    let came = sink.received().remove(0);
    assert_eq!(came.wire, b"A: b\r\n\r\n..\r\n...\r\n..a\r\n....b\r\nc.\r\n..\r\n");
    assert_eq!(came.message(), [&message[..], b"\r\n"].concat());
}

#[test]
fn the_same_mail_is_written_the_same_way_again() {
    let (from, to) = (address("news@acme.test"), address("olga@bücher.test"));
    let email = Email { to: Mailbox { name: Some("Ölga"), address: &to }, ..letter(&from, &to) };
    assert_eq!(written(&email), written(&email));
}
