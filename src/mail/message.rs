//! What is said to whom, and its form on the wire (RFC 5322).

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::{
    Address,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{config::Config, email_address::EmailAddress};

crate::id!(
    /// One message of the system; also the left side of its Message-ID.
    MailId
);

/// A message of the system to one person, in both forms that mail programs show.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is about, such as `reset`: for the list and for counting, never shown to its reader.
    pub kind: &'static str,
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A message that could not be put into form.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("the recipient is not an address: {0}")]
    Recipient(#[from] lettre::address::AddressError),
    #[error("the message could not be built: {0}")]
    Build(#[from] lettre::error::Error),
}

impl Message {
    /// The message as it is sent and stored. A second attempt sends the same bytes, Message-ID included,
    /// so that a receiver who has it already can tell.
    pub(super) fn compose(
        &self,
        id: MailId,
        config: &Config,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, ComposeError> {
        let to: Address = self.to.as_str().parse()?;
        let host = config.host();
        let message = lettre::Message::builder()
            .message_id(Some(format!("<{id}@{host}>")))
            .date(SystemTime::from(now))
            .from(config.mail_from.clone())
            .to(Mailbox::new(None, to))
            .subject(self.subject_line())
            // Keeps holiday notices and the like from answering (RFC 3834 §5).
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))?;
        Ok(message.formatted())
    }

    /// The subject on one line: a name in it may have been typed with anything.
    pub(super) fn subject_line(&self) -> String {
        let line = self.subject.replace(char::is_control, " ");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The headers of a message alone, with the empty line that ends them.
pub(super) fn headers_of(source: &[u8]) -> &[u8] {
    let end = source.windows(4).position(|window| window == b"\r\n\r\n");
    end.and_then(|at| source.get(..at + 4)).unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: &str) -> Message {
        Message {
            kind: "reset",
            to: EmailAddress::parse("olga@acme.test").unwrap(),
            subject: subject.to_owned(),
            text: "Text".to_owned(),
            html: "<p>Text</p>".to_owned(),
        }
    }

    #[test]
    fn a_subject_stays_on_its_line_whatever_a_name_in_it_holds() {
        let hostile = message("Join Acme\r\nBcc: all@victim.test\n\n\u{0}now");
        assert_eq!(hostile.subject_line(), "Join Acme Bcc: all@victim.test now");
    }

    #[test]
    fn the_headers_end_with_the_empty_line() {
        assert_eq!(headers_of(b"A: 1\r\nB: 2\r\n\r\nbody\r\n\r\nmore"), b"A: 1\r\nB: 2\r\n\r\n");
        assert_eq!(headers_of(b"A: 1"), b"A: 1");
    }
}
