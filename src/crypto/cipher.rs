//! XChaCha20-Poly1305 for a value in a place: nonce (24), ciphertext.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::KeyId;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the system has no randomness to give")]
    Randomness,
    #[error("a stored secret was sealed with the master key {0}, which is not configured")]
    KeyMissing(KeyId),
    #[error("a stored secret does not open with the configured key")]
    DoesNotOpen,
}

pub(super) fn encrypt(key: &[u8; 32], place: &[impl AsRef<str>], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0u8; 24];
    getrandom::fill(&mut nonce).map_err(|_| SealError::Randomness)?;
    let aad = framed(place);
    let sealed = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: aad.as_bytes() })
        .map_err(|_| SealError::Randomness)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(super) fn decrypt(
    key: &[u8; 32],
    place: &[impl AsRef<str>],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(SealError::DoesNotOpen)?;
    let aad = framed(place);
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: aad.as_bytes() })
        .map_err(|_| SealError::DoesNotOpen)
}

/// The place as one text, its parts kept apart by a character that none of them holds.
fn framed(place: &[impl AsRef<str>]) -> String {
    place.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\u{1f}")
}
