//! Values that must be read again, encrypted at rest with XChaCha20-Poly1305.
//!
//! The place a value is stored in (table, column, row) is authenticated with it: a ciphertext copied
//! into another row does not open there. Layout: version (1), nonce (24), ciphertext.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::{Keys, Purpose};

const VERSION: u8 = 1;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the system has no randomness to give")]
    Randomness,
    #[error("a stored secret does not open with the configured key")]
    DoesNotOpen,
}

/// Encrypts `plain` for the place named by `place`, such as `["users", "totp_secret", "<id>"]`.
pub fn seal(
    keys: &Keys,
    purpose: Purpose,
    place: &[impl AsRef<str>],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0u8; 24];
    getrandom::fill(&mut nonce).map_err(|_| SealError::Randomness)?;
    let aad = framed(place);
    let sealed = cipher(keys, purpose)
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: aad.as_bytes() })
        .map_err(|_| SealError::Randomness)?;
    Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
}

/// The plain value, when `sealed` was made with this key for this purpose and place.
pub fn open(
    keys: &Keys,
    purpose: Purpose,
    place: &[impl AsRef<str>],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (&version, rest) = sealed.split_first().ok_or(SealError::DoesNotOpen)?;
    let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or(SealError::DoesNotOpen)?;
    if version != VERSION {
        return Err(SealError::DoesNotOpen);
    }
    let aad = framed(place);
    cipher(keys, purpose)
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: aad.as_bytes() })
        .map_err(|_| SealError::DoesNotOpen)
}

/// The place as one text, its parts kept apart by a character that none of them holds.
fn framed(place: &[impl AsRef<str>]) -> String {
    place.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\u{1f}")
}

fn cipher(keys: &Keys, purpose: Purpose) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&keys.of(purpose).into())
}

#[cfg(test)]
mod tests {
    use super::{Keys, Purpose, open, seal};

    #[test]
    fn a_value_opens_in_the_place_it_was_sealed_for_and_nowhere_else() {
        let keys = Keys::parse(&"17".repeat(32)).unwrap();
        let sealed = seal(&keys, Purpose::TwoFactorSecret, &["users", "1"], b"JBSWY3DP").unwrap();

        assert_eq!(open(&keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed).unwrap(), b"JBSWY3DP");
        assert!(open(&keys, Purpose::TwoFactorSecret, &["users", "2"], &sealed).is_err());
        assert!(open(&keys, Purpose::KnownDevice, &["users", "1"], &sealed).is_err());
        assert!(open(&keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed[..20]).is_err());
    }
}
