//! Random values for links and cookies.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

/// 256 random bits, as 43 characters of base64url. The database keeps [`Token::hash`] only, so a
/// copy of the database opens nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// What is stored of a token: its SHA-256. Unsalted, for the input has 256 random bits.
pub type TokenHash = [u8; 32];

impl Token {
    /// Fails only when the system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// A token as it came back, in a link or a cookie. Anything is taken: a wrong one hashes to nothing known.
    pub fn from_visitor(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
