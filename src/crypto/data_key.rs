//! A data key: random, for the values of one owner, and stored only sealed with a master key. Changing
//! the master key then means sealing the data key anew, not every value.

use super::{
    Keys, Purpose, SealError,
    cipher::{decrypt, encrypt},
    sealed,
};

const VERSION: u8 = 1;

/// Prints as nothing.
pub struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey")
    }
}

impl DataKey {
    pub fn random() -> Result<Self, SealError> {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(|_| SealError::Randomness)?;
        Ok(Self(key))
    }

    /// This key as it is stored in `place`, sealed with the current master key.
    pub fn wrap(&self, keys: &Keys, place: &[impl AsRef<str>]) -> Result<Vec<u8>, SealError> {
        sealed::seal(keys, Purpose::DataKey, place, &self.0)
    }

    /// The key that was stored in `place`.
    pub fn unwrap(keys: &Keys, place: &[impl AsRef<str>], wrapped: &[u8]) -> Result<Self, SealError> {
        let key = sealed::open(keys, Purpose::DataKey, place, wrapped)?;
        key.try_into().map(Self).map_err(|_| SealError::DoesNotOpen)
    }

    /// Encrypts `plain` for `place`. Layout: version (1), nonce (24), ciphertext.
    pub fn seal(&self, place: &[impl AsRef<str>], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok([&[VERSION], encrypt(&self.0, place, plain)?.as_slice()].concat())
    }

    /// The plain value, when it was sealed with this key for this place.
    pub fn open(&self, place: &[impl AsRef<str>], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        match sealed.split_first() {
            Some((&VERSION, rest)) => decrypt(&self.0, place, rest),
            _ => Err(SealError::DoesNotOpen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_what_it_sealed_in_its_own_place_alone() {
        let keys = Keys::parse(&"17".repeat(32)).unwrap();
        let key = DataKey::random().unwrap();
        let sealed = key.seal(&["secrets", "1"], b"hush").unwrap();
        let wrapped = key.wrap(&keys, &["keys", "a"]).unwrap();

        let again = DataKey::unwrap(&keys, &["keys", "a"], &wrapped).unwrap();
        assert_eq!(again.open(&["secrets", "1"], &sealed).unwrap(), b"hush");
        assert!(again.open(&["secrets", "2"], &sealed).is_err());
        assert!(DataKey::unwrap(&keys, &["keys", "b"], &wrapped).is_err());
    }
}
