//! Header fields: what people typed is made harmless, what programs made is refused when it is not.

use data_encoding::BASE64;

use crate::channels::address::{Address, ends_a_line};

/// Columns of a line that mail programs like (RFC 5322 §2.1.1), and of one with an encoded word (RFC 2047 §2).
const WIDTH: usize = 76;
/// Octets of text in one encoded word: 60 characters of base64, 12 around them.
const WORD: usize = 45;

/// Writes one field after the other, and folds them.
pub(super) struct Fields<'a> {
    out: &'a mut Vec<u8>,
    column: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, column: 0 }
    }

    /// A field of tokens that were checked before; each begins a new line when it would be too long.
    pub(super) fn tokens<'t>(&mut self, name: &str, tokens: impl IntoIterator<Item = &'t str>) {
        self.name(name);
        for token in tokens {
            self.token(token);
        }
        self.end();
    }

    /// Words for people, in whatever script.
    pub(super) fn text(&mut self, name: &str, typed: &str) {
        let text = on_one_line(typed);
        self.name(name);
        if needs_encoding(&text) {
            self.encoded(&text);
        } else {
            self.folded(&text);
        }
        self.end();
    }

    pub(super) fn mailbox(&mut self, field: &str, name: Option<&str>, address: &Address) {
        self.name(field);
        self.phrase(name.unwrap_or_default());
        self.token(&format!("<{address}>"));
        self.end();
    }

    /// A name for people, and the identifier in angle brackets (RFC 2919).
    pub(super) fn list_id(&mut self, name: &str, id: &str) {
        self.name("List-Id");
        self.phrase(name);
        self.token(&format!("<{id}>"));
        self.end();
    }

    fn name(&mut self, name: &str) {
        self.raw(name);
        self.raw(":");
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.column += text.len();
    }

    fn end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.column = 0;
    }

    fn token(&mut self, token: &str) {
        if self.column + 1 + token.len() > WIDTH && self.column > 0 {
            self.end();
        }
        self.raw(" ");
        self.raw(token);
    }

    /// Text with single spaces, folded at them.
    fn folded(&mut self, text: &str) {
        text.split(' ').for_each(|word| self.token(word));
    }

    /// Encoded words (RFC 2047). The spaces between them are no part of the text; cut between characters.
    fn encoded(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let room = WIDTH.saturating_sub(self.column + 13) / 4 * 3;
            let room = if room < 12 { WORD } else { room.min(WORD) };
            let end = (0..=room.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at));
            let (now, later) = rest.split_at(end.filter(|at| *at > 0).unwrap_or(rest.len()));
            self.token(&format!("=?utf-8?B?{}?=", BASE64.encode(now.as_bytes())));
            rest = later;
        }
    }

    /// A display name (RFC 5322 §3.2.5): atoms as they are, else in quotes, else encoded.
    fn phrase(&mut self, typed: &str) {
        let name = on_one_line(typed);
        let is_word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
        if name.is_empty() {
        } else if needs_encoding(&name) || name.len() > 60 {
            self.encoded(&name);
        } else if name.chars().all(is_word) {
            self.folded(&name);
        } else {
            let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
            self.token(&format!("\"{escaped}\""));
        }
    }
}

/// A name or a subject without line ends and control characters, single spaces between its words.
fn on_one_line(typed: &str) -> String {
    let words = typed.split(|c: char| ends_a_line(c) || c == ' ').filter(|word| !word.is_empty());
    let mut line = String::with_capacity(typed.len());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Not ASCII, or a reader would take it for encoded, or a word does not fit on a line.
fn needs_encoding(line: &str) -> bool {
    !line.is_ascii() || line.contains("=?") || line.split(' ').any(|word| word.len() > WIDTH - 20)
}

/// Printable ASCII without spaces and angle brackets: an address of the web, an identifier.
pub(super) fn is_token(text: &str) -> bool {
    (1..=900).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
}

/// A name that a header field may have (RFC 5322 §3.6.8).
pub(super) fn is_field_name(name: &str) -> bool {
    (1..=70).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() && b != b':')
}

/// The value of a field as somebody wrote it: any script, nothing that could end its line.
pub(super) fn is_field_value(value: &str) -> bool {
    value.len() <= 2000 && !value.chars().any(ends_a_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> String {
        let mut out = Vec::new();
        Fields::new(&mut out).text("Subject", text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_subject_is_as_readable_as_it_can_be() {
        assert_eq!(subject("Hello you"), "Subject: Hello you\r\n");
        assert_eq!(subject("Grüße"), "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n");
        assert_eq!(subject("=?utf-8?Q?x?="), "Subject: =?utf-8?B?PT91dGYtOD9RP3g/PQ==?=\r\n");
        assert_eq!(subject("a\r\nBcc: b\0\u{2028}c"), "Subject: a Bcc: b c\r\n");
        for line in subject(&"word and ".repeat(30)).lines().chain(subject(&"ü".repeat(300)).lines()) {
            assert!(line.len() <= WIDTH + 1, "{line}");
        }
    }

    #[test]
    fn a_name_is_quoted_only_where_it_must_be() {
        let to = Address::parse("o@x.test").unwrap();
        for (name, written) in [
            ("Olga Smith", "To: Olga Smith <o@x.test>\r\n"),
            ("Smith, Olga", "To: \"Smith, Olga\" <o@x.test>\r\n"),
            ("a\"b\\", "To: \"a\\\"b\\\\\" <o@x.test>\r\n"),
            ("", "To: <o@x.test>\r\n"),
            ("é", "To: =?utf-8?B?w6k=?= <o@x.test>\r\n"),
        ] {
            let mut out = Vec::new();
            Fields::new(&mut out).mailbox("To", Some(name), &to);
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
    }
}
