//! Return addresses that say which message came back: `b+<token>@bounces.acme.test`; and addresses to write
//! to for whoever wants no more: `u+<token>@bounces.acme.test`.
//!
//! The token is what the caller wants back, with a MAC in front: nobody can suppress a contact by writing
//! to an address that they have thought up. Servers may change the case of a local part, so it is base32.

use data_encoding::BASE32_NOPAD_NOCASE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What an address is for: its first letters, and what its MAC is made with, so that one cannot be made into
/// the other.
#[derive(Clone, Copy)]
struct Use {
    prefix: &'static str,
    label: &'static [u8],
}

const RETURN: Use = Use { prefix: "b+", label: b"verp\0" };
const UNSUBSCRIBE: Use = Use { prefix: "u+", label: b"unsubscribe\0" };
/// Octets of the MAC: guessing one takes 2^64 mails.
const MAC: usize = 8;
/// Octets of the caller's: 62 characters are left of a local part's 64, five bits each.
const LONGEST: usize = 38 - MAC;

/// Makes and reads addresses of one use with one key.
pub struct Verp {
    key: [u8; 32],
    domain: String,
    of: Use,
}

/// What the caller put into the address, proven to be ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(pub Vec<u8>);

impl Verp {
    /// Return addresses.
    pub fn new(key: [u8; 32], domain: &str) -> Self {
        Self { key, domain: domain.to_ascii_lowercase(), of: RETURN }
    }

    /// Addresses to write to for whoever wants no more.
    pub fn unsubscribe(key: [u8; 32], domain: &str) -> Self {
        Self { of: UNSUBSCRIBE, ..Self::new(key, domain) }
    }

    /// `None` when there is nothing in it, or more than 30 octets.
    pub fn encode(&self, token: &[u8]) -> Option<String> {
        if token.is_empty() || token.len() > LONGEST {
            return None;
        }
        let mut octets = self.mac(token)?;
        octets.extend_from_slice(token);
        let local = BASE32_NOPAD_NOCASE.encode(&octets).to_ascii_lowercase();
        Some(format!("{}{local}@{}", self.of.prefix, self.domain))
    }

    /// The token of an address that this key made, in whatever case it came back.
    pub fn decode(&self, address: &str) -> Option<Token> {
        let (local, domain) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
        if !domain.eq_ignore_ascii_case(&self.domain) {
            return None;
        }
        let local = local.to_ascii_lowercase();
        let octets = BASE32_NOPAD_NOCASE.decode(local.strip_prefix(self.of.prefix)?.as_bytes()).ok()?;
        let (mac, token) = octets.split_at_checked(MAC).filter(|(_, token)| !token.is_empty())?;
        bool::from(self.mac(token)?.ct_eq(mac)).then(|| Token(token.to_vec()))
    }

    fn mac(&self, token: &[u8]) -> Option<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(self.of.label);
        mac.update(self.domain.as_bytes());
        mac.update(b"\0");
        mac.update(token);
        Some(mac.finalize().into_bytes().get(..MAC)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_the_token_it_was_made_of() {
        let verp = Verp::new([7; 32], "Bounces.Acme.Test");
        for length in 1..=LONGEST {
            let token: Vec<u8> = (0..length as u8).map(|b| b.wrapping_mul(37)).collect();
            let address = verp.encode(&token).unwrap();
            assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
            for came in [address.clone(), address.to_uppercase(), format!("<{address}>")] {
                assert_eq!(verp.decode(&came), Some(Token(token.clone())));
            }
        }
        assert_eq!(verp.encode(&[]), None);
        assert_eq!(verp.encode(&[0; LONGEST + 1]), None);
    }

    #[test]
    fn an_address_that_was_thought_up_or_changed_is_nobodys() {
        let verp = Verp::new([7; 32], "bounces.acme.test");
        let address = verp.encode(b"message-1").unwrap();
        assert_eq!(Verp::new([8; 32], "bounces.acme.test").decode(&address), None);
        assert_eq!(Verp::new([7; 32], "other.test").decode(&address), None);
        assert_eq!(verp.decode(&address.replace("bounces.acme", "other")), None);
        let local = address.split('@').next().unwrap();
        for at in 2..local.len() {
            let mut changed: Vec<char> = local.chars().collect();
            changed[at] = if changed[at] == 'a' { 'b' } else { 'a' };
            let changed: String = changed.into_iter().collect();
            assert_eq!(verp.decode(&format!("{changed}@bounces.acme.test")), None, "{at}");
        }
        for typed in ["", "b+@bounces.acme.test", "b+aaaa@bounces.acme.test", "x@bounces.acme.test", "b+äö@x"]
        {
            assert_eq!(verp.decode(typed), None);
        }
    }

    #[test]
    fn an_address_for_coming_back_unsubscribes_nobody_and_the_other_way_round() {
        let (back, out) =
            (Verp::new([7; 32], "bounces.acme.test"), Verp::unsubscribe([7; 32], "bounces.acme.test"));
        let (b, u) = (back.encode(b"1").unwrap(), out.encode(b"1").unwrap());
        assert!(b.starts_with("b+") && u.starts_with("u+"));
        assert_eq!(out.decode(&u), Some(Token(b"1".to_vec())));
        for (verp, address) in [(&out, &b), (&back, &u)] {
            assert_eq!(verp.decode(address), None);
            let turned = address.replace("b+", "?+").replace("u+", "b+").replace("?+", "u+");
            assert_eq!(verp.decode(&turned), None);
        }
    }
}
