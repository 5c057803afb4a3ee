//! What links in mail carry instead of names: whose mail it was and which link, with a MAC.
//!
//! A token is read without asking the database, tells a reader nothing, carries no address to go to, and
//! never ends: somebody may unsubscribe years later. Each kind of link has tokens of its own, so that one
//! for looking cannot be used for unsubscribing.

use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    channels::bounces::Verp,
    crypto::{Keys, Purpose},
};

/// Octets of the MAC: guessing one takes 2^96 requests.
const MAC: usize = 12;
/// A number, a contact, a link and the MAC, and a little room.
const LONGEST: usize = 60;

/// One mail to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Addressee {
    /// The broadcast's number.
    pub broadcast: i64,
    pub contact: Uuid,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The picture that tells of an opened mail.
    Open,
    /// The so-many-th link of the mail.
    Click(u16),
    /// The mail as a page.
    View,
    /// What one hears about, and stopping it.
    Preferences,
}

impl Link {
    fn letter(self) -> u8 {
        match self {
            Self::Open => b'o',
            Self::Click(_) => b'c',
            Self::View => b'v',
            Self::Preferences => b'p',
        }
    }
}

/// Makes a token.
pub fn write(keys: &Keys, to: Addressee, link: Link) -> String {
    let mut octets = Vec::with_capacity(LONGEST);
    put(&mut octets, to.broadcast.unsigned_abs());
    octets.extend_from_slice(to.contact.as_bytes());
    if let Link::Click(position) = link {
        put(&mut octets, u64::from(position));
    }
    let mac = keys.sign(Purpose::MailToken, &[&[link.letter()], &octets]);
    octets.extend(mac.iter().take(MAC));
    BASE64URL_NOPAD.encode(&octets)
}

/// Reads a token of this kind of link; the position that `wanted` holds is not looked at.
pub fn read(keys: &Keys, token: &str, wanted: Link) -> Option<(Addressee, Link)> {
    if token.len() > LONGEST * 4 / 3 {
        return None;
    }
    let octets = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (said, mac) = octets.split_at_checked(octets.len().checked_sub(MAC)?)?;
    let letter = [wanted.letter()];
    let parts = [letter.as_slice(), said];
    let mut all = keys.signatures(Purpose::MailToken, &parts);
    if !all.any(|made| made.get(..MAC).is_some_and(|made| bool::from(made.ct_eq(mac)))) {
        return None;
    }
    let (broadcast, rest) = take(said)?;
    let (contact, rest) = rest.split_at_checked(16)?;
    let to =
        Addressee { broadcast: i64::try_from(broadcast).ok()?, contact: Uuid::from_slice(contact).ok()? };
    let (link, rest) = match wanted {
        Link::Click(_) => {
            let (position, rest) = take(rest)?;
            (Link::Click(u16::try_from(position).ok()?), rest)
        }
        other => (other, rest),
    };
    rest.is_empty().then_some((to, link))
}

/// The key that return addresses are made with: the current one first, then those for reading.
pub fn return_addresses(keys: &Keys, domain: &str) -> Vec<Verp> {
    keys.signatures(Purpose::MailToken, &[b"return"]).map(|key| Verp::new(key, domain)).collect()
}

impl Addressee {
    /// As a return address carries it.
    pub fn octets(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(24);
        put(&mut octets, self.broadcast.unsigned_abs());
        octets.extend_from_slice(self.contact.as_bytes());
        octets
    }

    pub fn of_octets(octets: &[u8]) -> Option<Self> {
        let (broadcast, contact) = take(octets)?;
        let contact = Uuid::from_slice(contact).ok()?;
        Some(Self { broadcast: i64::try_from(broadcast).ok()?, contact })
    }
}

/// Seven bits an octet, the lowest first; the highest bit says that more follow.
fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let octet = (number & 0x7f) as u8;
        number >>= 7;
        out.push(if number == 0 { octet } else { octet | 0x80 });
        if number == 0 {
            return;
        }
    }
}

fn take(octets: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (at, octet) in octets.iter().enumerate().take(9) {
        number |= u64::from(octet & 0x7f) << (7 * at);
        if octet & 0x80 == 0 {
            return Some((number, octets.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::parse(&"7a".repeat(32)).unwrap()
    }

    #[test]
    fn a_token_comes_back_as_what_it_was_made_of() {
        for broadcast in [1, 127, 128, 99_999, i64::MAX] {
            let to = Addressee { broadcast, contact: Uuid::now_v7() };
            for link in [Link::Open, Link::Click(0), Link::Click(65_535), Link::View, Link::Preferences] {
                let token = write(&keys(), to, link);
                assert_eq!(read(&keys(), &token, link), Some((to, link)));
            }
            assert_eq!(Addressee::of_octets(&to.octets()), Some(to));
        }
    }

    #[test]
    fn a_token_that_was_changed_or_is_of_another_kind_or_key_is_nobodys() {
        let to = Addressee { broadcast: 5, contact: Uuid::now_v7() };
        let token = write(&keys(), to, Link::Click(3));
        for other in [Link::Open, Link::View, Link::Preferences] {
            assert_eq!(read(&keys(), &token, other), None);
        }
        let stranger = Keys::parse(&"11".repeat(32)).unwrap();
        assert_eq!(read(&stranger, &token, Link::Click(0)), None);
        assert!(read(&stranger.reading_with(keys()), &token, Link::Click(0)).is_some());
        for at in 0..token.len() {
            let mut changed: Vec<u8> = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(read(&keys(), &changed, Link::Click(0)), None, "{at}");
        }
        for typed in ["", "A", "é", &"A".repeat(10_000)] {
            assert_eq!(read(&keys(), typed, Link::Open), None);
        }
    }
}
