//! What happens to an organization and the people in it, for whoever listens.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::Event;

/// An organization was made: `direct`, `agency` or `client`.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct WorkspaceFounded {
    pub kind: String,
}

impl Event for WorkspaceFounded {
    const KIND: &'static str = "workspace.founded";
}

/// Somebody accepted an invitation.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct MemberJoined {
    pub user: Uuid,
    pub invitation: Uuid,
}

impl Event for MemberJoined {
    const KIND: &'static str = "member.joined";
}

/// Somebody was taken out of an organization.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct MemberRemoved {
    pub user: Uuid,
}

impl Event for MemberRemoved {
    const KIND: &'static str = "member.removed";
}
