//! An address as it stands in a message and in an envelope.

use std::fmt;

/// One mailbox: the local part as its owner means it, without quotes, and the domain in its ASCII form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// Octets of a local part and of a domain at the most (RFC 5321 §4.5.3.1).
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;

impl Address {
    /// `None` when this is not the address of one mailbox, or holds anything that could end a line.
    pub fn parse(typed: &str) -> Option<Self> {
        let (local, domain) = typed.trim_matches(' ').rsplit_once('@')?;
        let local = match local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => unquoted(quoted)?,
            None if local.chars().all(|c| is_atext(c) || c == '.') => local.to_owned(),
            None => return None,
        };
        if local.is_empty() || local.len() > LONGEST_LOCAL || local.chars().any(ends_a_line) {
            return None;
        }
        let domain = ascii_domain(domain)?;
        Some(Self { local, domain })
    }

    pub fn local(&self) -> &str {
        &self.local
    }

    /// In ASCII, `xn--` where it was written in another script.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Only a server that offers SMTPUTF8 can take it (RFC 6531).
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }
}

/// As it is written on the wire and in headers, quoted where the local part is not made of atoms.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext)) {
            return write!(f, "{}@{}", self.local, self.domain);
        }
        f.write_str("\"")?;
        for c in self.local.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        write!(f, "\"@{}", self.domain)
    }
}

/// Anything that some reader takes for the end of a line, and every other control character.
pub(super) fn ends_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// RFC 5322 §3.2.3, widened by RFC 6531 §3.3.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && !ends_a_line(c))
}

fn unquoted(quoted: &str) -> Option<String> {
    let (mut plain, mut chars) = (String::new(), quoted.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.push(chars.next()?),
            '"' => return None,
            c => plain.push(c),
        }
    }
    Some(plain)
}

/// The domain in ASCII (RFC 5891), or `None` when it could not be one.
fn ascii_domain(typed: &str) -> Option<String> {
    let domain =
        if typed.is_ascii() { typed.to_ascii_lowercase() } else { idna::domain_to_ascii(typed).ok()? };
    let is_label = |label: &str| {
        let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (domain.len() <= LONGEST_DOMAIN && domain.split('.').all(is_label)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_servers_read_it() {
        for (typed, written) in [
            ("olga@Acme.Test", "olga@acme.test"),
            ("olga@bücher.example", "olga@xn--bcher-kva.example"),
            ("дом@пример.рф", "дом@xn--e1afmkfd.xn--p1ai"),
            ("a..b@docomo.test", "\"a..b\"@docomo.test"),
            ("\"a b\\\"c\"@x.test", "\"a b\\\"c\"@x.test"),
            ("\"plain\"@x.test", "plain@x.test"),
        ] {
            assert_eq!(Address::parse(typed).unwrap().to_string(), written);
        }
        assert!(Address::parse("дом@x.test").unwrap().needs_smtputf8());
        assert!(!Address::parse("a@пример.рф").unwrap().needs_smtputf8());
    }

    #[test]
    fn what_could_end_a_line_or_an_envelope_is_no_address() {
        for typed in [
            "",
            "olga",
            "@x.test",
            "olga@",
            "a b@x.test",
            "a@b@",
            "a>@x.test",
            "<a@x.test>",
            "a@x..test",
            "a\r\n@x.test",
            "\"a\r\nb\"@x.test",
            "a\u{2028}b@x.test",
            "a\0@x.test",
            "a@x.test\r\nRCPT TO:<b@y.test>",
            "\"a\"b\"@x.test",
            "a@[127.0.0.1]",
            "a@-x.test",
            "a@x test",
        ] {
            assert_eq!(Address::parse(typed), None, "{typed:?}");
        }
    }
}
