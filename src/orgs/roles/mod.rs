//! Roles: what each may do, changing that after a look at the difference, and seeing the workspace as a
//! holder would.
//!
//! Always true: the roles of owners keep all they may do; nobody gives a permission that they do not hold
//! themselves, nor changes one; a role that somebody holds, or was invited as, is not removed.

pub mod grid;
mod queries;
mod role_page;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::system_roles::{self, SystemRole};
use crate::tenancy::{Member, OrgTx};

/// The permission by which somebody enters every client.
pub const ALL_CLIENTS: &str = "clients.access_all";

/// A role of an organization.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: Uuid,
    pub key: String,
    pub name: String,
    pub is_system: bool,
    /// The key of the role that its holder has in each client, given [`ALL_CLIENTS`].
    pub client_role: Option<String>,
    pub permissions: Vec<String>,
    /// How many people have it, those included who cannot enter at the moment.
    pub people: i64,
}

impl Role {
    /// Whether this role keeps all it may do, and somebody must always have it.
    pub fn is_owner(&self) -> bool {
        system_roles::is_owner(&self.key)
    }

    pub fn has(&self, permission: &str) -> bool {
        self.permissions.iter().any(|key| key == permission)
    }

    pub fn people_in_words(&self) -> String {
        match self.people {
            1 => "1 person".to_owned(),
            n => format!("{n} people"),
        }
    }
}

/// What somebody may hand on: the permissions they hold, and in clients no more than they are there.
pub struct Giver<'a> {
    member: &'a Member,
    client_role: Option<&'a str>,
}

impl<'a> Giver<'a> {
    pub fn new(member: &'a Member, roles: &'a [Role]) -> Self {
        let own = roles.iter().find(|role| role.id == member.access.role_id);
        let client_role = own.and_then(|role| role.client_role.as_deref());
        Self { member, client_role: client_role.filter(|_| member.holds(ALL_CLIENTS)) }
    }

    /// Whether they may give people this role, or take it from them.
    pub fn may_give(&self, role: &Role) -> bool {
        let is_own_rank = !role.is_owner() || system_roles::is_owner(&self.member.access.role_key);
        let reaches = !role.has(ALL_CLIENTS) || self.may_be_in_clients(role.client_role.as_deref());
        is_own_rank && reaches && self.member.holds_all(&role.permissions)
    }

    /// Whether they may decide that this role has, or has not, `permission`.
    pub fn may_decide(&self, role: &Role, permission: &str) -> bool {
        let reaches = permission != ALL_CLIENTS || self.may_be_in_clients(role.client_role.as_deref());
        !role.is_owner() && reaches && self.member.holds(permission)
    }

    /// The roles that a holder of theirs may have in clients.
    pub fn client_roles(&self) -> Vec<&'static SystemRole> {
        let all = system_roles::of("client").iter();
        all.filter(|role| self.may_be_in_clients(Some(role.key))).collect()
    }

    fn may_be_in_clients(&self, key: Option<&str>) -> bool {
        let find = |key: &str| system_roles::of("client").iter().find(|role| role.key == key);
        let Some(mine) = self.client_role.and_then(find) else { return false };
        match key {
            None => true,
            Some(key) => find(key).is_some_and(|role| {
                let is_own_rank = !system_roles::is_owner(role.key) || system_roles::is_owner(mine.key);
                is_own_rank && role.permissions.iter().all(|one| mine.permissions.contains(one))
            }),
        }
    }
}

/// Adds a role that holds these permissions. `None` when another has its name.
pub async fn add(
    tx: &mut OrgTx,
    name: &str,
    permissions: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let added = queries::insert(tx, name, None, now).await?;
    if let Some(role) = added {
        queries::grant(tx, role, permissions).await?;
    }
    Ok(added)
}

/// Every role of the organization: owners first, then as they were made.
pub async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Role>> {
    queries::all(tx).await
}
