//! What was decided about the last file of the same shape: its columns had the same names in the same order, whatever
//! the letters' case and the signs between them. Consent is not among it: it is declared of each file anew.

mod queries;

use sha2::{Digest, Sha256};

pub(super) use queries::last;

use super::{ImportId, KnownBy, columns::plain, values::Meanings};
use crate::contacts::fields::OwnField;

/// What is taken over from an import that is over.
#[derive(Clone, Debug)]
pub struct Remembered {
    pub id: ImportId,
    pub mapping: Vec<String>,
    pub mode: String,
    pub known_by: KnownBy,
    pub meanings: Meanings,
}

impl Remembered {
    /// The same without columns of fields that are not in use any more.
    pub(super) fn in_use(mut self, own: &[OwnField]) -> Self {
        for key in &mut self.mapping {
            if key.starts_with("custom.") && !own.iter().any(|field| field.input() == *key) {
                key.clear();
            }
        }
        self
    }
}

/// The shape of a file whose columns have these names.
pub(super) fn shape(headers: &[String]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for header in headers {
        digest.update(plain(header));
        digest.update([0]);
    }
    digest.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_one_shape_whose_columns_are_named_alike_in_one_order() {
        let of = |names: &[&str]| shape(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["E-Mail", "First name"]), of(&["email", "FIRST_NAME"]));
        assert_ne!(of(&["E-Mail", "First name"]), of(&["First name", "E-Mail"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
