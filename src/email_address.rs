//! An e-mail address in the one form that is stored and compared.
//!
//! Lower case throughout: the local part may be case-sensitive by RFC 5321 §2.4, but no mailbox
//! provider keeps two people apart by it, and people type it either way.

use std::fmt;

use lettre::Address;

/// A checked address, trimmed and in lower case. At most 254 octets (RFC 5321 §4.5.3.1.3).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// `None` when this is not the address of one mailbox.
    pub fn parse(typed: &str) -> Option<Self> {
        let address = typed.trim().to_lowercase();
        if address.len() > 254 || address.contains(char::is_control) {
            return None;
        }
        let parsed: Address = address.parse().ok()?;
        parsed.domain().contains('.').then_some(Self(address))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn an_address_is_stored_in_lower_case_without_the_spaces_around_it() {
        assert_eq!(EmailAddress::parse("  Olga@Acme.Test ").unwrap().as_str(), "olga@acme.test");
        assert_eq!(EmailAddress::parse("a+b@x.example").unwrap().as_str(), "a+b@x.example");
    }

    #[test]
    fn what_is_not_one_mailbox_is_refused() {
        for typed in [
            "",
            "olga",
            "olga@",
            "@acme.test",
            "olga@localhost",
            "a@b.test, c@d.test",
            "a@b.test\r\nBcc: x@y.test",
        ] {
            assert_eq!(EmailAddress::parse(typed), None, "{typed:?}");
        }
    }
}
