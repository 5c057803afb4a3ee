//! Somebody in an organization, and what they may do there.

use super::{Access, OrgId, Permission};
use crate::accounts::User;

#[derive(Clone, Debug)]
pub struct Member {
    pub user: User,
    pub access: Access,
    /// The name of the role as which they only look at the workspace.
    pub viewing_as: Option<String>,
}

impl Member {
    pub fn org(&self) -> OrgId {
        self.access.org
    }

    /// Whether the member may do `P`, so that a page shows only what works.
    pub fn may<P: Permission>(&self) -> bool {
        self.holds(P::KEY)
    }

    pub fn holds(&self, permission: &str) -> bool {
        self.access.permissions.iter().any(|key| key == permission)
    }

    /// Whether the member holds every one of these: nobody gives what they do not have.
    pub fn holds_all<'a>(&self, permissions: impl IntoIterator<Item = &'a String>) -> bool {
        permissions.into_iter().all(|permission| self.holds(permission))
    }

    /// The address of `path` in this workspace; `path` starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("/w/{}{path}", self.access.slug)
    }
}
