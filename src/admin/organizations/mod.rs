//! The workspaces of the installation: what they are and how many there are of what.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    tenancy::{Permission, PlatformScope},
    web::{App, OrNotFound, Result},
};

/// A workspace from outside.
#[derive(Clone, Debug)]
pub struct Organization {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub agency_name: Option<String>,
    pub people: i64,
    pub invited: i64,
    pub clients: i64,
    pub requires_two_factor: bool,
    pub is_sample: bool,
    pub created_at: DateTime<Utc>,
    pub last_change_at: Option<DateTime<Utc>>,
    /// What the list is sorted by.
    pub sort_value: String,
}

impl Organization {
    pub fn kind_in_words(&self) -> &'static str {
        match self.kind.as_str() {
            "agency" => "Agency",
            "client" => "Client",
            "direct" => "Business",
            _ => "Internal",
        }
    }
}

/// The workspace, as long as there is one.
pub(super) async fn find<P: Permission>(
    app: &App,
    scope: &PlatformScope<P>,
    id: Uuid,
) -> Result<Organization> {
    queries::find(app, scope.user.id, id).await?.or_404()
}
