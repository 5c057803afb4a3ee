//! A person, as every request knows them.

use axum_login::AuthUser;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

crate::id!(
    /// A person who signs in.
    UserId
);

/// Loaded once a request. Holds nothing that must not be logged.
#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub title: String,
    pub phone: String,
    pub time_zone: String,
    pub language: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
    pub shortcuts_on: bool,
    pub avatar_version: Option<String>,
    pub has_two_factor: bool,
    /// Whether they look after the installation.
    pub has_platform_role: bool,
    /// Notices that they have not read, in all their workspaces; a hundred for more.
    pub unread: i32,
    pub created_at: DateTime<Utc>,
    proof: Vec<u8>,
}

/// A row of `users` with its profile.
pub(super) struct UserRow {
    pub id: UserId,
    pub email: String,
    pub password_hash: String,
    pub auth_epoch: i32,
    pub totp_enabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub name: String,
    pub title: String,
    pub phone: String,
    pub time_zone: String,
    pub language: String,
    pub theme: String,
    pub density: String,
    pub shortcuts_on: bool,
    pub avatar_version: Option<String>,
    pub has_platform_role: bool,
    pub unread: i32,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let proof = Sha256::digest(format!("session-auth:{}:{}", row.auth_epoch, row.password_hash)).to_vec();
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            title: row.title,
            phone: row.phone,
            time_zone: row.time_zone,
            language: row.language,
            theme: row.theme,
            density: row.density,
            shortcuts_on: row.shortcuts_on,
            avatar_version: row.avatar_version,
            has_two_factor: row.totp_enabled_at.is_some(),
            has_platform_role: row.has_platform_role,
            unread: row.unread,
            created_at: row.created_at,
            proof,
        }
    }
}

impl User {
    /// The first letters of the first and the last name.
    pub fn initials(&self) -> String {
        initials(&self.name)
    }

    /// Where the person's picture is, if they have one.
    pub fn avatar_url(&self) -> Option<String> {
        self.avatar_version.as_ref().map(|version| format!("/account/avatar/{}/{version}", self.id))
    }
}

/// Up to two capitals that stand for a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

impl AuthUser for User {
    type Id = UserId;

    fn id(&self) -> UserId {
        self.id
    }

    /// What a session proves, and what is stored in it: never the password's own hash.
    fn session_auth_hash(&self) -> &[u8] {
        &self.proof
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Olga Petrova"), "OP");
        assert_eq!(initials("  mia "), "M");
        assert_eq!(initials("Ada King, Countess of Lovelace"), "AL");
        assert_eq!(initials("«Élise» d’Arc"), "ÉD");
        assert_eq!(initials(""), "");
    }
}
