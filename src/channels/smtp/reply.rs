//! What a server answers (RFC 5321 §4.2), with its enhanced code (RFC 3463).

use std::fmt;

/// One answer, however many lines it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub enhanced: Option<Enhanced>,
    /// The lines without their codes, joined by spaces, control characters gone.
    pub text: String,
    /// Each line without its codes, as EHLO needs them.
    pub(super) lines: Vec<String>,
}

/// `5.1.1`: class, subject, detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Enhanced(pub u8, pub u16, pub u16);

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Enhanced {
    /// Reads one at the very front of a text; also says how long it is.
    pub fn at_front(text: &str) -> Option<(Self, usize)> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut numbers = text.get(..end)?.split('.');
        let class: u8 = numbers.next()?.parse().ok()?;
        let (subject, detail) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        (numbers.next().is_none() && matches!(class, 2 | 4 | 5))
            .then_some((Self(class, subject, detail), end))
    }
}

/// Octets of one answer at the most: a server that says more is no mail server.
const LONGEST: usize = 32 * 1024;

/// Why the octets are no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoReply;

impl Reply {
    /// The answer at the front of `octets`, and how many of them it is. `Ok(None)` when more must come.
    pub(super) fn read(octets: &[u8]) -> Result<Option<(Self, usize)>, NoReply> {
        let (mut at, mut code, mut enhanced, mut lines) = (0, None, None, Vec::new());
        loop {
            let rest = octets.get(at..).unwrap_or_default();
            let Some(end) = memchr::memchr(b'\n', rest) else {
                return if octets.len() > LONGEST { Err(NoReply) } else { Ok(None) };
            };
            at += end + 1;
            let line = String::from_utf8_lossy(rest.get(..end).unwrap_or_default());
            let line = line.trim_end_matches('\r');
            let this: u16 = line.get(..3).and_then(|code| code.parse().ok()).ok_or(NoReply)?;
            if !(200..600).contains(&this) || *code.get_or_insert(this) != this || at > LONGEST {
                return Err(NoReply);
            }
            let (mark, text) = (line.get(3..4).unwrap_or(" "), line.get(4..).unwrap_or_default());
            let found = Enhanced::at_front(text).filter(|(found, _)| u16::from(found.0) == this / 100);
            enhanced = enhanced.or(found.map(|(found, _)| found));
            let text = found.and_then(|(_, length)| text.get(length..)).unwrap_or(text);
            lines.push(text.replace(char::is_control, " ").trim().to_owned());
            match mark {
                " " => {
                    let text = lines.join(" ").chars().take(1000).collect();
                    return Ok(Some((Self { code: this, enhanced, text, lines }, at)));
                }
                "-" => {}
                _ => return Err(NoReply),
            }
        }
    }

    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        write!(f, " {}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Reply> {
        Reply::read(text.as_bytes()).unwrap().map(|(reply, _)| reply)
    }

    #[test]
    fn answers_of_one_line_and_of_many_are_read() {
        let reply = read("550-5.1.1 The account\r\n550 5.1.1 does not exist\r\nrest").unwrap();
        assert_eq!((reply.code, reply.enhanced), (550, Some(Enhanced(5, 1, 1))));
        assert_eq!(reply.text, "The account does not exist");
        assert_eq!(read("250\r\n").unwrap().text, "");
        assert_eq!(read("250 192.0.2.1 hello\r\n").unwrap().enhanced, None);
        assert_eq!(read("250-a\r\n250 "), None);
        assert_eq!(Reply::read(b"250 a\r\n354 b\r\n").unwrap().unwrap().1, 7);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in ["hello\r\n", "25\r\n", "250-a\r\n251 b\r\n", "999 x\r\n", "250_x\r\n", "\r\n"] {
            assert_eq!(Reply::read(text.as_bytes()), Err(NoReply), "{text:?}");
        }
        assert_eq!(Reply::read(&vec![b'2'; LONGEST + 1]), Err(NoReply));
        assert_eq!(Reply::read("250-x\r\n".repeat(LONGEST).as_bytes()), Err(NoReply));
    }
}
