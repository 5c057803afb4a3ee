//! What the lines of a file were about so far, to tell of the same again. It is kept as numbers of eight bytes, of which
//! two in a million are alike once in thirty million files; a million lines take 27 MB, and half as much again where
//! addresses are looked at beside another key.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use sha2::{Digest, Sha256};

use super::{known_by::KnownBy, lines::Line};

type Number = [u8; 8];

#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Who was in which line.
    keys: HashMap<Number, [u8; 4]>,
    /// What else only one person can have.
    others: HashSet<Number>,
    /// Keys that several people have, who are there already.
    shared: HashSet<Number>,
}

/// What is seen, in eight bytes.
pub fn number(kind: &str, value: &str) -> Number {
    let mut digest = Sha256::new();
    digest.update(kind.as_bytes());
    digest.update(value.as_bytes());
    let mut number = Number::default();
    number.iter_mut().zip(digest.finalize()).for_each(|(to, from)| *to = from);
    number
}

impl Seen {
    /// Nothing was seen yet; these keys are several people's.
    pub fn beside(shared: HashSet<Number>) -> Self {
        Self { shared, ..Self::default() }
    }

    /// Takes a line for one that was read; or says what it has that another has already.
    pub fn take(&mut self, line: &Line, by: KnownBy) -> Result<(), String> {
        let key = number(by.key(), line.key());
        if self.shared.contains(&key) {
            return Err(several(by));
        }
        match self.keys.entry(key) {
            Entry::Occupied(first) => {
                let what = if by == KnownBy::Email { "address" } else { by.words() };
                let first = u32::from_le_bytes(*first.get());
                return Err(format!("The same {what} is in line {first} already."));
            }
            Entry::Vacant(new) => {
                new.insert(u32::try_from(line.number).unwrap_or(u32::MAX).to_le_bytes());
            }
        }
        for (other, value) in [(KnownBy::Email, &line.email), (KnownBy::ExternalId, &line.external_id)] {
            if by != other && !value.is_empty() && !self.others.insert(number(other.key(), value)) {
                return Err(format!("The same {} is in a line before this one.", other.words()));
            }
        }
        Ok(())
    }
}

/// Why nobody can be meant by a key.
pub fn several(by: KnownBy) -> String {
    format!("Several people here have this {}. Merge them, or take it from all but one.", by.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_again_is_told_with_the_line_where_it_was_first() {
        let line = |number, key: &str, email: &str| Line {
            number,
            key: key.to_owned(),
            email: email.to_owned(),
            ..Line::default()
        };
        let mut seen = Seen::default();
        assert_eq!(seen.take(&line(2, "", "a@b.test"), KnownBy::Email), Ok(()));
        let again = Err("The same address is in line 2 already.".to_owned());
        assert_eq!(seen.take(&line(3, "", "a@b.test"), KnownBy::Email), again);
        assert_eq!(seen.take(&line(4, "", "a@b.test"), KnownBy::Email), again);
        let mut seen = Seen::default();
        let by = KnownBy::CustomerCode;
        assert_eq!(seen.take(&line(2, "K-1", "a@b.test"), by), Ok(()));
        assert!(seen.take(&line(3, "K-1", ""), by).unwrap_err().contains("customer number is in line 2"));
        assert!(
            seen.take(&line(4, "K-2", "a@b.test"), by).unwrap_err().contains("e-mail address is in a line")
        );
        seen.shared.insert(number("customer_code", "K-9"));
        assert!(seen.take(&line(5, "K-9", ""), by).unwrap_err().starts_with("Several people"));
    }
}
