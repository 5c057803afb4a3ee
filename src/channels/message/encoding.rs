//! Bodies in a form that every server passes on unchanged: at most 76 characters of ASCII a line.
//!
//! Ours and not a library's: see the figures in `message/mod.rs`.

use memchr::{memchr_iter, memchr2, memmem};

/// How a body is written (RFC 2045 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    SevenBit,
    QuotedPrintable,
    Base64,
}

/// Characters on a line, without its end.
const WIDTH: usize = 76;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SevenBit => "7bit",
            Self::QuotedPrintable => "quoted-printable",
            Self::Base64 => "base64",
        }
    }

    /// The shortest that is safe for this text.
    pub(super) fn of(text: &str) -> Self {
        let foreign = text.bytes().filter(|b| !b.is_ascii()).count();
        if foreign * 6 > text.len() {
            Self::Base64
        } else if foreign == 0 && is_safe_as_it_is(text.as_bytes()) {
            Self::SevenBit
        } else {
            Self::QuotedPrintable
        }
    }

    /// Writes the text, its lines ended by CRLF whatever they ended with before, and a last line end.
    pub(super) fn write(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::SevenBit => seven_bit(text.as_bytes(), out),
            Self::QuotedPrintable => quoted_printable(text.as_bytes(), out),
            Self::Base64 => base64(text.as_bytes(), out),
        }
    }
}

/// Nothing on the way would rewrite it: short lines, no control characters, no space before a line's end,
/// no line that a mailbox file or SMTP takes for its own, nothing that looks like our boundary.
fn is_safe_as_it_is(text: &[u8]) -> bool {
    let mut start = 0;
    for end in memchr_iter(b'\n', text).chain([text.len()]) {
        let line = text.get(start..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_odd = line.len() > WIDTH
            || line.iter().any(|b| b.is_ascii_control() && *b != b'\t')
            || matches!(line.last(), Some(b' ' | b'\t'))
            || line.starts_with(b".")
            || line.starts_with(b"From ");
        if is_odd {
            return false;
        }
        start = end + 1;
    }
    memmem::find(text, b"--=_").is_none()
}

fn seven_bit(text: &[u8], out: &mut Vec<u8>) {
    for line in Lines(Some(text)) {
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
}

/// The lines of a text, ended by CRLF, LF or CR. What follows the last line end is a line unless empty.
struct Lines<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0.take()?;
        let Some(at) = memchr2(b'\r', b'\n', text) else { return (!text.is_empty()).then_some(text) };
        let (line, rest) = text.split_at(at);
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        self.0 = Some(rest);
        Some(line)
    }
}

/// Octets that stand for themselves. Without branches, so that many are looked at at once.
fn is_plain(b: u8) -> bool {
    (matches!(b, 0x20..0x7f) & (b != b'=')) | (b == b'\t')
}

/// How many octets from the front stand for themselves.
fn plain_run(octets: &[u8]) -> usize {
    let (blocks, _) = octets.as_chunks::<16>();
    let whole = blocks.iter().take_while(|block| block.iter().fold(true, |all, b| all & is_plain(*b)));
    let sure = whole.count() * 16;
    let rest = octets.get(sure..).unwrap_or_default();
    sure + rest.iter().position(|b| !is_plain(*b)).unwrap_or(rest.len())
}

/// RFC 2045 §6.7.
fn quoted_printable(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + text.len() / 16 + 64);
    for line in Lines(Some(text)) {
        quoted_line(line, out);
        out.extend_from_slice(b"\r\n");
    }
}

fn quoted_line(mut rest: &[u8], out: &mut Vec<u8>) {
    // Room for a soft line end is kept on every line, for whether more follows is not known yet.
    let mut room = WIDTH - 1;
    if rest.starts_with(b".") || rest.starts_with(b"From ") {
        escape(rest.first().copied().unwrap_or_default(), out);
        rest = rest.get(1..).unwrap_or_default();
        room -= 3;
    }
    while !rest.is_empty() {
        let within = rest.get(..room).unwrap_or(rest);
        let run = plain_run(within);
        let (plain, after) = rest.split_at(run);
        match (after.first(), plain.last()) {
            // A space at the very end would be cut off by somebody.
            (None, Some(last @ (b' ' | b'\t'))) => {
                out.extend_from_slice(plain.split_last().map_or(plain, |(_, most)| most));
                if room < run + 2 {
                    out.extend_from_slice(b"=\r\n");
                }
                escape(*last, out);
                return;
            }
            (None, _) => {
                out.extend_from_slice(plain);
                return;
            }
            (Some(b), _) => {
                out.extend_from_slice(plain);
                room -= run;
                rest = after;
                let is_odd = !is_plain(*b);
                if room == 0 || (is_odd && room < 3) {
                    out.extend_from_slice(b"=\r\n");
                    room = WIDTH - 1;
                    if rest.starts_with(b".") || rest.starts_with(b"From ") {
                        escape(*b, out);
                        rest = rest.get(1..).unwrap_or_default();
                        room -= 3;
                    }
                } else if is_odd {
                    escape(*b, out);
                    rest = rest.get(1..).unwrap_or_default();
                    room -= 3;
                }
            }
        }
    }
}

fn escape(b: u8, out: &mut Vec<u8>) {
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
    out.extend_from_slice(&[b'=', digit(b >> 4), digit(b & 15)]);
}

/// RFC 2045 §6.8; a text's lines end with CRLF inside of it too (RFC 2046 §4.1.1).
fn base64(text: &[u8], out: &mut Vec<u8>) {
    let mut whole = Vec::with_capacity(text.len() + text.len() / 32);
    seven_bit(text, &mut whole);
    for line in whole.chunks(WIDTH / 4 * 3) {
        let start = out.len();
        out.resize(start + data_encoding::BASE64.encode_len(line.len()), 0);
        if let Some(place) = out.get_mut(start..) {
            data_encoding::BASE64.encode_mut(line, place);
        }
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = Vec::new();
        quoted_printable(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    /// Reads it as another program would.
    fn read_back(text: &str) -> String {
        let mail = format!(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
            quoted(text)
        );
        let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
        parsed.body_text(0).unwrap().into_owned()
    }

    #[test]
    fn every_length_and_place_of_an_odd_character_comes_back() {
        for length in 70..160 {
            for odd in ["é", " ", "=", ".", "\t", "From ", "😀"] {
                for at in [0, length / 2, 73, 74, 75, 76, length] {
                    let mut text = "x".repeat(length);
                    text.insert_str(at.min(length), odd);
                    assert_eq!(read_back(&text).trim_end_matches(['\r', '\n']), text, "{length} {odd} {at}");
                    for line in quoted(&text).split("\r\n") {
                        assert!(line.len() <= WIDTH && !line.ends_with([' ', '\t']), "{line:?}");
                        assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn line_ends_of_any_kind_become_the_one_of_mail() {
        assert_eq!(quoted("a\nb\rc\r\nd\n\ne"), "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n");
        assert_eq!(quoted("a\r\n"), "a\r\n");
        assert_eq!(quoted("a\0b\u{2028}"), "a=00b=E2=80=A8\r\n");
    }

    #[test]
    fn the_shortest_safe_form_is_chosen() {
        assert_eq!(Encoding::of("Hello\nyou"), Encoding::SevenBit);
        for text in ["é plus much that is not foreign", ".", "a\n.b", "From me", "a \nb", "--=_x", "a\0"] {
            assert_eq!(Encoding::of(text), Encoding::QuotedPrintable, "{text:?}");
        }
        assert_eq!(Encoding::of(&"x".repeat(77)), Encoding::QuotedPrintable);
        assert_eq!(Encoding::of("こんにちは"), Encoding::Base64);
    }
}
