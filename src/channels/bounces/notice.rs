//! Reading a notice: what failed, for whom, why, and which message of ours it is about.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::verp::{Token, Verp};
use crate::channels::{
    replies::{Reason, reason},
    smtp::Enhanced,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It will never be delivered: do not write to this address again.
    Hard,
    /// It was not delivered this time.
    Soft,
    /// It is late still; another notice may follow. Nothing to do.
    Delayed,
    /// Its reader called it spam: do not write to them again.
    Complaint,
}

/// One message that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    pub kind: Kind,
    pub reason: Reason,
    pub status: Option<Enhanced>,
    /// What the server at the end of the way said, on one line.
    pub diagnostic: String,
    /// As the reporting server names them; may be missing from a complaint, for privacy.
    pub recipient: Option<String>,
    /// The Message-ID of what we sent, without angle brackets.
    pub message_id: Option<String>,
    /// What our return address said. Without it the notice proves nothing.
    pub token: Option<Token>,
}

/// The octets of one header field or diagnostic that are kept.
const LONGEST: usize = 1000;

/// Reads a mail that came to a return address. `envelope_to` is whom its envelope named (RCPT TO), which is
/// surer than anything inside. `None` when it reports nothing: an automatic answer, a notice of success.
pub fn read(raw: &[u8], envelope_to: Option<&str>, verp: &Verp) -> Option<Bounce> {
    let mail = MessageParser::default().parse(raw)?;
    let original = Original::of(&mail);
    let mut bounce = part(&mail, "message", "feedback-report")
        .and_then(|text| complaint(&fields(&text)))
        .or_else(|| failure(&part(&mail, "message", "delivery-status")?))?;
    let came_to = ["To", "Delivered-To", "X-Original-To"];
    let came_to = came_to.iter().filter_map(|name| header(mail.parts.first()?, raw, name));
    let candidates = envelope_to.map(str::to_owned).into_iter().chain(came_to).chain(original.return_path);
    bounce.token = candidates.flat_map(|text| addresses(&text)).find_map(|address| verp.decode(&address));
    bounce.message_id = original.message_id;
    bounce.recipient = bounce.recipient.or(original.to);
    Some(bounce)
}

/// What is quoted of the message that we sent.
#[derive(Default)]
struct Original {
    message_id: Option<String>,
    to: Option<String>,
    return_path: Option<String>,
}

impl Original {
    fn of(mail: &Message<'_>) -> Self {
        let whole = mail.parts.iter().find_map(|part| match &part.body {
            PartType::Message(inner) => Some(inner.raw_message().to_vec()),
            _ => None,
        });
        let headers = || part(mail, "text", "rfc822-headers").map(String::into_bytes);
        let Some(quoted) = whole.or_else(headers) else { return Self::default() };
        let end = memchr::memmem::find(&quoted, b"\r\n\r\n").or(memchr::memmem::find(&quoted, b"\n\n"));
        let text = String::from_utf8_lossy(quoted.get(..end.unwrap_or(quoted.len())).unwrap_or_default())
            .into_owned();
        let found = fields(&text);
        let value = |name: &str| field(&found, name).map(str::to_owned);
        Self {
            message_id: value("message-id").map(|id| id.trim_matches(['<', '>']).to_owned()),
            to: value("to").and_then(|to| addresses(&to).pop()),
            return_path: value("return-path"),
        }
    }
}

type Fields = Vec<(String, String)>;

/// RFC 5965 §3.
fn complaint(found: &Fields) -> Option<Bounce> {
    let kind = field(found, "feedback-type")?;
    // “not-spam” takes a complaint back; others report on DMARC and the like.
    if !["abuse", "fraud", "virus", "other"].contains(&kind.to_ascii_lowercase().as_str()) {
        return None;
    }
    let recipient = field(found, "original-rcpt-to").and_then(|to| addresses(to).pop());
    Some(Bounce {
        kind: Kind::Complaint,
        reason: Reason::Other,
        status: None,
        diagnostic: format!("{kind}, reported by {}", field(found, "user-agent").unwrap_or("somebody")),
        recipient,
        message_id: None,
        token: None,
    })
}

/// RFC 3464 §2: a block about the message, then one for each recipient. Ours have one; the worst counts.
fn failure(text: &str) -> Option<Bounce> {
    let unified = text.replace("\r\n", "\n");
    let blocks = unified.split("\n\n").map(fields).filter(|found| field(found, "action").is_some());
    let bounces: Vec<Bounce> = blocks.filter_map(|found| of_recipient(&found)).collect();
    let worst = |kind| bounces.iter().find(|bounce| bounce.kind == kind);
    worst(Kind::Hard).or(worst(Kind::Soft)).or(worst(Kind::Delayed)).cloned()
}

fn of_recipient(found: &Fields) -> Option<Bounce> {
    let typed = |name: &str| {
        field(found, name).map(|value| value.split_once(';').map_or(value, |(_, rest)| rest).trim())
    };
    let diagnostic = typed("diagnostic-code").unwrap_or_default();
    let code = diagnostic
        .get(..3)
        .and_then(|code| code.parse::<u16>().ok())
        .filter(|code| (400..600).contains(code));
    let after_code = if code.is_some() { diagnostic.get(4..).unwrap_or_default() } else { diagnostic };
    let said = Enhanced::at_front(after_code).map(|(enhanced, _)| enhanced);
    let status = field(found, "status").and_then(Enhanced::at_front).map(|(status, _)| status);
    // “5.0.0” says nothing that the diagnostic does not say better.
    let status = status.filter(|status| (status.1, status.2) != (0, 0)).or(said).or(status);
    let class = status.map(|status| u16::from(status.0)).or(code.map(|code| code / 100));
    let reason = reason(code.unwrap_or_default(), status, diagnostic);
    let kind = match field(found, "action")?.to_ascii_lowercase().as_str() {
        "delayed" => Kind::Delayed,
        // A full mailbox is emptied some day, and who blocks us today need not do so for ever.
        "failed" if class == Some(5) && matches!(reason, Reason::MailboxUnknown | Reason::Other) => {
            Kind::Hard
        }
        "failed" => Kind::Soft,
        _ => return None,
    };
    let recipient = typed("original-recipient").or_else(|| typed("final-recipient"));
    let recipient = recipient.map(|address| address.trim_matches(['<', '>']).to_owned());
    Some(Bounce {
        kind,
        reason,
        status,
        diagnostic: diagnostic.to_owned(),
        recipient,
        message_id: None,
        token: None,
    })
}

/// The text of the first part of this type.
fn part(mail: &Message<'_>, main: &str, sub: &str) -> Option<String> {
    let is_it = |part: &&MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case(main)
                && kind.subtype().is_some_and(|found| {
                    found.eq_ignore_ascii_case(sub) || found.eq_ignore_ascii_case(&format!("global-{sub}"))
                })
        })
    };
    let part = mail.parts.iter().find(is_it)?;
    Some(String::from_utf8_lossy(part.contents()).into_owned())
}

/// A field of the outer mail, as it stands there.
fn header(part: &MessagePart<'_>, raw: &[u8], name: &str) -> Option<String> {
    let header = part.headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case(name))?;
    let value = raw.get(header.offset_start as usize..header.offset_end as usize)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Names in lower case, values unfolded.
fn fields(text: &str) -> Fields {
    let mut found: Fields = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut().filter(|(_, value)| value.len() < LONGEST) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let value = value.trim().replace(char::is_control, " ");
            found.push((name.trim().to_ascii_lowercase(), value.chars().take(LONGEST).collect()));
        }
    }
    found
}

fn field<'a>(found: &'a Fields, name: &str) -> Option<&'a str> {
    found.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Everything in a text that has the form of an address.
fn addresses(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "<>,;\"()".contains(c));
    words.filter(|word| word.contains('@')).map(str::to_owned).collect()
}
