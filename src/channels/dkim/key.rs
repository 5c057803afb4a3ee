//! Private keys: made by us, kept by whoever calls, read again.

use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

use super::rsa;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Read by everybody.
    Rsa2048,
    /// A quarter of the work and a short record; not read by everybody yet, so sign with both.
    Ed25519,
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("This is no private key that DKIM can use: {0}.")]
    Unusable(String),
    #[error("The system has no randomness to give.")]
    NoRandomness,
}

/// A private key in PKCS#8. Its text is a secret; `Debug` does not show it.
pub struct PrivateKey {
    algorithm: Algorithm,
    der: Vec<u8>,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({:?})", self.algorithm)
    }
}

impl PrivateKey {
    /// Makes a key. An RSA key takes about half a second of one core: not for a thread that answers requests.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        let der = match algorithm {
            Algorithm::Rsa2048 => rsa::generate()?,
            Algorithm::Ed25519 => Ed25519Key::generate_pkcs8().map_err(|_| KeyError::NoRandomness)?,
        };
        Ok(Self { algorithm, der })
    }

    /// Reads PKCS#8 DER, as [`PrivateKey::der`] gives it.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let of = |algorithm| Self { algorithm, der: der.to_vec() };
        let (rsa, ed25519) = (of(Algorithm::Rsa2048), of(Algorithm::Ed25519));
        match (rsa.rsa(), ed25519.ed25519()) {
            // ring takes none of less than 2048 bits.
            (Ok(_), _) => Ok(rsa),
            (_, Ok(_)) => Ok(ed25519),
            (Err(error), _) => Err(error),
        }
    }

    /// Reads the file that other programs write: `BEGIN PRIVATE KEY`.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| KeyError::Unusable(error.to_string()))?;
        Self::from_der(der.secret_pkcs8_der())
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// PKCS#8 DER, to be sealed before it is stored.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn rsa(&self) -> Result<RsaKey<Sha256>, KeyError> {
        RsaKey::from_key_der(PrivateKeyDer::Pkcs8(self.der.as_slice().into()))
            .map_err(|error| KeyError::Unusable(error.to_string()))
    }

    /// OpenSSL leaves the public half out of the file; ring then makes it from the private one.
    pub(super) fn ed25519(&self) -> Result<Ed25519Key, KeyError> {
        Ed25519Key::from_pkcs8_maybe_unchecked_der(&self.der)
            .map_err(|error| KeyError::Unusable(error.to_string()))
    }
}
