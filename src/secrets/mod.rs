//! Secrets that an organization entrusts us with: keys and passwords of other services.
//!
//! Owns `secrets` and `organization_keys`. Always true: a value goes in and is used, and never comes out
//! again to anybody; it opens only in the organization, row and column that it was put into; nothing that
//! holds one can be printed or serialized.
//!
//! [`put`], [`replace`] and [`forget`] change what is kept, [`reveal_for_use`] gives a value to whoever
//! calls the other service, and [`report_failure`] remembers that the service refused it.
//!
//! - [`data_key`]: the organization's own key
//! - [`rotation`]: sealing everything with another master key
//! - [`standing`]: which master keys are needed

mod data_key;
mod keeping;
mod queries;
pub mod rotation;
pub mod standing;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    accounts::UserId,
    crypto::SealError,
    tenancy::{Mode, Permission},
    web,
};

pub use keeping::{find, forget, list, put, replace, report_failure, reveal_for_use};

crate::id!(
    /// A secret of an organization.
    SecretId
);

pub struct EditSecrets;

impl Permission for EditSecrets {
    const KEY: &'static str = "secrets.edit";
    const MODE: Mode = Mode::Write;
}

/// What a secret is for when nothing of ours looks for it by kind.
pub const INTEGRATION: &str = "integration";
/// Characters that a label may have.
pub const LABEL_MAX: usize = 120;
/// Octets that a value may have: a private key with its certificates fits.
pub const VALUE_MAX: usize = 8192;

/// A secret about to be kept.
#[derive(Debug)]
pub struct NewSecret<'a> {
    pub kind: &'a str,
    pub label: &'a str,
    pub value: &'a SecretString,
    pub created_by: UserId,
}

/// A secret as it may be shown: everything but its value.
#[derive(Clone, Debug)]
pub struct Secret {
    pub id: Uuid,
    pub kind: String,
    pub label: String,
    pub last4: Option<String>,
    /// The name of whoever put it here, while they have an account.
    pub made_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub last_failed_at: Option<DateTime<Utc>>,
    pub last_error: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Sealed(#[from] SealError),
}

impl From<SecretError> for web::Error {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Database(error) => Self::Database(error),
            SecretError::Sealed(error) => Self::Other(error.into()),
        }
    }
}
