//! The body as it goes over the wire (RFC 5321 §4.5.2): lines that begin with a dot get another.

use memchr::{memchr, memchr_iter, memmem};

/// Octets of a line at the most, without its end (RFC 5321 §4.5.3.1.6).
const LONGEST_LINE: usize = 998;

/// Why a message cannot go over this wire as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("it has a CR or an LF that stands alone")]
    LoneLineEnd,
    #[error("it has a line of more than 998 octets")]
    LongLine,
    #[error("it has a NUL")]
    Nul,
}

/// Servers disagree about lone line ends: where one reads a line of one dot, all that follows would be
/// commands in the name of another (CVE-2023-51764 and its like).
pub(super) fn check(message: &[u8]) -> Result<(), Malformed> {
    if memchr(0, message).is_some() {
        return Err(Malformed::Nul);
    }
    let (mut start, mut ends) = (0, 0);
    for end in memchr_iter(b'\n', message) {
        let line = message.get(start..end).unwrap_or_default();
        if line.last() != Some(&b'\r') {
            return Err(Malformed::LoneLineEnd);
        }
        if line.len() > LONGEST_LINE + 1 {
            return Err(Malformed::LongLine);
        }
        (start, ends) = (end + 1, ends + 1);
    }
    if message.len() - start > LONGEST_LINE {
        return Err(Malformed::LongLine);
    }
    if memchr_iter(b'\r', message).count() == ends { Ok(()) } else { Err(Malformed::LoneLineEnd) }
}

/// Appends the message with its dots doubled and its last line ended, without the dot that ends it all.
pub(super) fn stuff(message: &[u8], out: &mut Vec<u8>) {
    out.reserve(message.len() + 64);
    if message.starts_with(b".") {
        out.push(b'.');
    }
    let mut start = 0;
    for at in memmem::find_iter(message, b"\r\n.") {
        // Up to and with the dot; the next piece begins with the same dot.
        out.extend_from_slice(message.get(start..at + 3).unwrap_or_default());
        start = at + 2;
    }
    out.extend_from_slice(message.get(start..).unwrap_or_default());
    if !message.ends_with(b"\r\n") && !message.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_that_begins_with_a_dot_gets_another() {
        for (message, stuffed) in [
            ("", ""),
            ("a", "a\r\n"),
            (".\r\n", "..\r\n"),
            ("a\r\n.\r\n..\r\n.b\r\nc.\r\n", "a\r\n..\r\n...\r\n..b\r\nc.\r\n"),
            (".\r\n.\r\n.", "..\r\n..\r\n..\r\n"),
        ] {
            let mut out = Vec::new();
            stuff(message.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), stuffed);
        }
    }

    #[test]
    fn what_servers_read_differently_is_refused() {
        let long = format!("a\r\n{}\r\n", "x".repeat(999));
        for (message, why) in [
            ("a\nb", Malformed::LoneLineEnd),
            ("a\rb", Malformed::LoneLineEnd),
            ("a\r\n\r", Malformed::LoneLineEnd),
            ("a\n.\r\nb", Malformed::LoneLineEnd),
            ("a\r\r\n", Malformed::LoneLineEnd),
            ("a\0", Malformed::Nul),
            (long.as_str(), Malformed::LongLine),
        ] {
            assert_eq!(check(message.as_bytes()), Err(why), "{message:?}");
        }
        assert_eq!(check(format!("{}\r\n", "x".repeat(998)).as_bytes()), Ok(()));
        assert_eq!(check(&[b'x'; 999]), Err(Malformed::LongLine));
    }
}
