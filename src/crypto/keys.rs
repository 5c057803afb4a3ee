//! The master key, and the key of each purpose derived from it (HKDF-expand of RFC 5869, one block).

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What a derived key is for. The text is part of the key: changing it invalidates what was made with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    FormToken,
    KnownDevice,
    TwoFactorSecret,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::FormToken => "groundswell/form-token/1",
            Self::KnownDevice => "groundswell/known-device/1",
            Self::TwoFactorSecret => "groundswell/two-factor-secret/1",
        }
    }
}

/// The master key. Prints as nothing.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
    pub fn parse(hex: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.trim().as_bytes()).ok()?;
        Some(Self { master: bytes.try_into().ok()? })
    }

    /// Reads the key file, or makes it (readable by its owner alone) when there is none.
    pub fn load_or_create(file: &Path) -> io::Result<Self> {
        if !file.exists() {
            let mut master = [0u8; 32];
            getrandom::fill(&mut master).map_err(io::Error::other)?;
            let fresh = file.with_extension("new");
            let mut out =
                fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&fresh)?;
            writeln!(out, "{}", HEXLOWER_PERMISSIVE.encode(&master))?;
            out.sync_all()?;
            fs::rename(fresh, file)?;
        }
        Self::parse(&fs::read_to_string(file)?).ok_or_else(|| {
            io::Error::other(format!("{} does not hold 64 hexadecimal digits", file.display()))
        })
    }

    pub fn of(&self, purpose: Purpose) -> [u8; 32] {
        mac(&self.master, &[purpose.label().as_bytes(), &[1]])
    }

    /// A keyed hash of `parts`, which cannot be made without the key nor mistaken for another purpose's.
    pub fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut framed: Vec<u8> = Vec::new();
        for part in parts {
            framed.extend((part.len() as u64).to_be_bytes());
            framed.extend(*part);
        }
        mac(&self.of(purpose), &[&framed])
    }

    /// Whether `signature` was made by [`Keys::sign`], compared in constant time.
    pub fn verify(&self, purpose: Purpose, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.sign(purpose, parts).ct_eq(signature).into()
    }
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
    }
}
