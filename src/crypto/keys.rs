//! The master keys, and the key of each purpose derived from one (HKDF-expand of RFC 5869, one block).
//!
//! One is current: everything new is made with it. The others are kept for reading what was made with
//! them. A master key is named by its [`KeyId`], which stands beside everything that it sealed.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What a derived key is for. The text is part of the key: changing it invalidates what was made with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    FormToken,
    KnownDevice,
    TwoFactorSecret,
    DataKey,
    /// Links in mail, and the return address.
    MailToken,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::FormToken => "groundswell/form-token/1",
            Self::KnownDevice => "groundswell/known-device/1",
            Self::TwoFactorSecret => "groundswell/two-factor-secret/1",
            Self::DataKey => "groundswell/data-key/1",
            Self::MailToken => "groundswell/mail-token/1",
        }
    }
}

/// The label of the value that a key's name is taken from. No purpose has it.
const NAME_LABEL: &[u8] = b"groundswell/key-id/1";

/// The name of a master key, which tells nothing about it: eight octets derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// One master key.
#[derive(Clone)]
struct Master([u8; 32]);

impl Master {
    /// 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
    fn parse(hex: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.trim().as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    fn of(&self, purpose: Purpose) -> [u8; 32] {
        mac(&self.0, &[purpose.label().as_bytes(), &[1]])
    }

    fn id(&self) -> KeyId {
        let derived = mac(&self.0, &[NAME_LABEL, &[1]]);
        let mut id = [0u8; 8];
        for (to, from) in id.iter_mut().zip(derived) {
            *to = from;
        }
        KeyId(id)
    }
}

/// The master keys: the current one, and those kept for reading. Prints as nothing.
#[derive(Clone)]
pub struct Keys {
    current: Master,
    others: Vec<Master>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// 64 hexadecimal digits.
    pub fn parse(hex: &str) -> Option<Self> {
        Self::parse_all([hex])
    }

    /// Several such numbers, of which the first is current.
    pub fn parse_all<'a>(hex: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut all = hex.into_iter().map(Master::parse);
        let current = all.next()??;
        Some(Self { current, others: all.collect::<Option<_>>()? })
    }

    /// The same current key, with those of `more` for reading too.
    pub fn reading_with(mut self, more: Self) -> Self {
        self.others.push(more.current);
        self.others.extend(more.others);
        self
    }

    /// The name of the current key.
    pub fn id(&self) -> KeyId {
        self.current.id()
    }

    /// The name of every key, the current one first.
    pub fn ids(&self) -> Vec<KeyId> {
        self.all().map(Master::id).collect()
    }

    fn all(&self) -> impl Iterator<Item = &Master> {
        std::iter::once(&self.current).chain(&self.others)
    }

    /// The current key for this purpose.
    pub(super) fn of(&self, purpose: Purpose) -> [u8; 32] {
        self.current.of(purpose)
    }

    /// The key for this purpose that comes from the master key with this name, if it is one of ours.
    pub(super) fn named(&self, id: KeyId, purpose: Purpose) -> Option<[u8; 32]> {
        self.all().find(|master| master.id() == id).map(|master| master.of(purpose))
    }

    /// Every key for this purpose: for what was sealed before keys had names.
    pub(super) fn each(&self, purpose: Purpose) -> impl Iterator<Item = [u8; 32]> {
        self.all().map(move |master| master.of(purpose))
    }

    /// A keyed hash of `parts`, which cannot be made without the key nor mistaken for another purpose's.
    pub fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        signed(&self.current, purpose, parts)
    }

    /// What each key signs, the current one first: for what has room for a piece of it only.
    pub fn signatures(&self, purpose: Purpose, parts: &[&[u8]]) -> impl Iterator<Item = [u8; 32]> {
        self.all().map(move |master| signed(master, purpose, parts))
    }

    /// Whether `signature` was made by [`Keys::sign`] with any of the keys, compared in constant time.
    pub fn verify(&self, purpose: Purpose, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.all().any(|master| signed(master, purpose, parts).ct_eq(signature).into())
    }
}

fn signed(master: &Master, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
    let mut framed: Vec<u8> = Vec::new();
    for part in parts {
        framed.extend((part.len() as u64).to_be_bytes());
        framed.extend(*part);
    }
    mac(&master.of(purpose), &[&framed])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a key shorter than its block with zeros (RFC 2104 §2).
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::{Keys, Purpose};

    fn keys() -> Keys {
        Keys::parse(&"0b".repeat(32)).unwrap()
    }

    #[test]
    fn a_signature_is_good_for_its_purpose_and_its_parts_alone() {
        let signature = keys().sign(Purpose::FormToken, &[b"ab", b"c"]);

        assert!(keys().verify(Purpose::FormToken, &[b"ab", b"c"], &signature));
        assert!(!keys().verify(Purpose::KnownDevice, &[b"ab", b"c"], &signature));
        assert!(!keys().verify(Purpose::FormToken, &[b"a", b"bc"], &signature));
        assert!(!keys().verify(Purpose::FormToken, &[b"ab", b"c"], &signature[..31]));
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert!(Keys::parse("0b").is_none());
        assert!(Keys::parse(&"zz".repeat(32)).is_none());
        assert!(Keys::parse_all(["0b".repeat(32).as_str(), "0b"]).is_none());
        assert!(Keys::parse_all([]).is_none());
    }

    #[test]
    fn what_an_older_key_signed_is_still_good_and_nothing_new_is_signed_with_it() {
        let newer = Keys::parse(&"0c".repeat(32)).unwrap();
        let both = newer.clone().reading_with(keys());
        let signature = keys().sign(Purpose::KnownDevice, &[b"ab"]);

        assert!(both.verify(Purpose::KnownDevice, &[b"ab"], &signature));
        assert!(!newer.verify(Purpose::KnownDevice, &[b"ab"], &signature));
        assert_eq!(both.sign(Purpose::KnownDevice, &[b"ab"]), newer.sign(Purpose::KnownDevice, &[b"ab"]));
        assert_eq!(both.ids(), [newer.id(), keys().id()]);
    }
}
