//! Values that must be read again, encrypted at rest with a key derived from a master key.
//!
//! The place a value is stored in (table, column, row) is authenticated with it: a ciphertext copied
//! into another row does not open there. Layout: version (1), name of the master key (8), nonce (24),
//! ciphertext. Version 1 had no name in it; every key is tried on those.

use super::{
    KeyId, Keys, Purpose, SealError,
    cipher::{decrypt, encrypt},
};

const NAMELESS: u8 = 1;
const NAMED: u8 = 2;

/// Encrypts `plain` for the place named by `place`, such as `["users", "totp_secret", "<id>"]`.
pub fn seal(
    keys: &Keys,
    purpose: Purpose,
    place: &[impl AsRef<str>],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let sealed = encrypt(&keys.of(purpose), place, plain)?;
    Ok([prefix(keys.id()).as_slice(), &sealed].concat())
}

/// The plain value, when `sealed` was made with one of these keys for this purpose and place.
pub fn open(
    keys: &Keys,
    purpose: Purpose,
    place: &[impl AsRef<str>],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (&version, rest) = sealed.split_first().ok_or(SealError::DoesNotOpen)?;
    match version {
        NAMED => {
            let (id, rest) = rest.split_first_chunk::<8>().ok_or(SealError::DoesNotOpen)?;
            let id = KeyId(*id);
            let key = keys.named(id, purpose).ok_or(SealError::KeyMissing(id))?;
            decrypt(&key, place, rest)
        }
        NAMELESS => {
            keys.each(purpose).find_map(|key| decrypt(&key, place, rest).ok()).ok_or(SealError::DoesNotOpen)
        }
        _ => Err(SealError::DoesNotOpen),
    }
}

/// What everything begins with that is sealed with the master key of this name.
pub fn prefix(id: KeyId) -> Vec<u8> {
    [&[NAMED], id.0.as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(octet: &str) -> Keys {
        Keys::parse(&octet.repeat(32)).unwrap()
    }

    #[test]
    fn a_value_opens_in_the_place_it_was_sealed_for_and_nowhere_else() {
        let keys = keys("17");
        let sealed = seal(&keys, Purpose::TwoFactorSecret, &["users", "1"], b"JBSWY3DP").unwrap();

        assert_eq!(open(&keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed).unwrap(), b"JBSWY3DP");
        assert!(open(&keys, Purpose::TwoFactorSecret, &["users", "2"], &sealed).is_err());
        assert!(open(&keys, Purpose::KnownDevice, &["users", "1"], &sealed).is_err());
        assert!(open(&keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed[..20]).is_err());
    }

    #[test]
    fn an_older_key_opens_what_it_sealed_and_one_that_is_missing_is_named() {
        let (old, new) = (keys("17"), keys("18"));
        let sealed = seal(&old, Purpose::TwoFactorSecret, &["users", "1"], b"JBSWY3DP").unwrap();
        let opened = |keys: &Keys| open(keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed);

        assert_eq!(opened(&new.clone().reading_with(old.clone())).unwrap(), b"JBSWY3DP");
        assert!(matches!(opened(&new), Err(SealError::KeyMissing(id)) if id == old.id()));
    }

    #[test]
    fn a_value_sealed_before_keys_had_names_opens_with_any_of_the_keys() {
        let (old, new) = (keys("17"), keys("18"));
        let bare = encrypt(&old.of(Purpose::TwoFactorSecret), &["users", "1"], b"JBSWY3DP").unwrap();
        let sealed = [&[NAMELESS], bare.as_slice()].concat();
        let opened = |keys: &Keys| open(keys, Purpose::TwoFactorSecret, &["users", "1"], &sealed);

        assert_eq!(opened(&new.clone().reading_with(old)).unwrap(), b"JBSWY3DP");
        assert!(opened(&new).is_err());
    }
}
