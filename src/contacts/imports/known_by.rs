//! What people are told apart by in a file.

use crate::contacts::identities::Kind;

/// The column that says who somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownBy {
    #[default]
    Email,
    CustomerCode,
    ExternalId,
    Phone,
}

/// Every one, in the order of the form.
pub const ALL: [KnownBy; 4] = [KnownBy::Email, KnownBy::CustomerCode, KnownBy::ExternalId, KnownBy::Phone];

impl KnownBy {
    /// The kind of identity that it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Email => Kind::Email,
            Self::CustomerCode => Kind::CustomerCode,
            Self::ExternalId => Kind::ExternalId,
            Self::Phone => Kind::Phone,
        }
    }

    /// How it is kept, and what a column of it goes to.
    pub fn key(self) -> &'static str {
        self.kind().key()
    }

    pub fn called(key: &str) -> Option<Self> {
        ALL.into_iter().find(|one| one.key() == key)
    }

    /// As it stands in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::CustomerCode => "customer number",
            Self::ExternalId => "external id",
            Self::Phone => "phone number",
        }
    }

    /// As it stands in a form.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail address",
            Self::CustomerCode => "Customer number",
            Self::ExternalId => "External id, of another system",
            Self::Phone => "Phone number",
        }
    }
}
