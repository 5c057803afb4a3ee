//! The roles that every new organization starts with. Rows of its own, which it may rename later.

/// A role as it is written into a new organization.
#[derive(Clone, Copy, Debug)]
pub struct SystemRole {
    pub key: &'static str,
    pub name: &'static str,
    pub permissions: &'static [&'static str],
    /// The key of the role its holder has in every client, given `clients.access_all`.
    pub client_role: Option<&'static str>,
}

const EVERYTHING: &[&str] = &[
    "workspace.view",
    "workspace.edit",
    "security.edit",
    "secrets.edit",
    "members.view",
    "members.edit",
    "roles.view",
    "roles.edit",
    "audit.view",
    "jobs.view",
    "jobs.edit",
    "brand.edit",
    "contacts.view",
    "contacts.edit",
    "contacts.export",
    "contacts.privacy",
    "designs.view",
    "designs.edit",
    "campaigns.view",
    "campaigns.edit",
    "campaigns.send",
    "senders.edit",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
    "pipelines.manage",
];
const EVERYTHING_AND_CLIENTS: &[&str] = &[
    "workspace.view",
    "workspace.edit",
    "security.edit",
    "secrets.edit",
    "members.view",
    "members.edit",
    "roles.view",
    "roles.edit",
    "audit.view",
    "jobs.view",
    "jobs.edit",
    "brand.edit",
    "contacts.view",
    "contacts.edit",
    "contacts.export",
    "contacts.privacy",
    "designs.view",
    "designs.edit",
    "campaigns.view",
    "campaigns.edit",
    "campaigns.send",
    "senders.edit",
    "clients.view",
    "clients.edit",
    "clients.access_all",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
    "pipelines.manage",
];
const LEAD: &[&str] = &[
    "workspace.view",
    "members.view",
    "roles.view",
    "jobs.view",
    "contacts.view",
    "contacts.edit",
    "contacts.export",
    "designs.view",
    "designs.edit",
    "campaigns.view",
    "campaigns.edit",
    "campaigns.send",
    "senders.edit",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
    "pipelines.manage",
];
const MARKET: &[&str] = &[
    "workspace.view",
    "members.view",
    "contacts.view",
    "contacts.edit",
    "contacts.export",
    "designs.view",
    "designs.edit",
    "campaigns.view",
    "campaigns.edit",
    "campaigns.send",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
];
const SELL: &[&str] = &[
    "workspace.view",
    "members.view",
    "contacts.view",
    "contacts.edit",
    "designs.view",
    "campaigns.view",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
];
const WORK_FOR_CLIENTS: &[&str] = &[
    "workspace.view",
    "members.view",
    "contacts.view",
    "contacts.edit",
    "designs.view",
    "designs.edit",
    "campaigns.view",
    "campaigns.edit",
    "campaigns.send",
    "clients.view",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
];
const BUILD: &[&str] = &[
    "workspace.view",
    "members.view",
    "contacts.view",
    "designs.view",
    "campaigns.view",
    "deals.view",
    "tasks.view",
];
const CALL: &[&str] = &[
    "workspace.view",
    "contacts.view",
    "contacts.edit",
    "campaigns.view",
    "deals.view",
    "deals.edit",
    "tasks.view",
    "tasks.edit",
];
const LOOK: &[&str] =
    &["workspace.view", "contacts.view", "designs.view", "campaigns.view", "deals.view", "tasks.view"];

const fn role(key: &'static str, name: &'static str, permissions: &'static [&'static str]) -> SystemRole {
    SystemRole { key, name, permissions, client_role: None }
}

/// For a business of its own and for a client of an agency.
const BUSINESS: &[SystemRole] = &[
    role("company_owner", "Owner", EVERYTHING),
    role("organization_admin", "Administrator", EVERYTHING),
    role("manager", "Manager", LEAD),
    role("marketer", "Marketer", MARKET),
    role("sales", "Sales", SELL),
    role("developer", "Developer", BUILD),
    role("call_center", "Call centre", CALL),
    role("approver", "Approver", LOOK),
    role("viewer", "Viewer", LOOK),
];

const AGENCY: &[SystemRole] = &[
    SystemRole {
        key: "agency_owner",
        name: "Agency owner",
        permissions: EVERYTHING_AND_CLIENTS,
        client_role: Some("company_owner"),
    },
    SystemRole {
        key: "agency_member",
        name: "Agency member",
        permissions: WORK_FOR_CLIENTS,
        client_role: Some("marketer"),
    },
    role("organization_admin", "Administrator", EVERYTHING),
    role("manager", "Manager", LEAD),
    role("marketer", "Marketer", MARKET),
    role("sales", "Sales", SELL),
    role("developer", "Developer", BUILD),
    role("call_center", "Call centre", CALL),
    role("approver", "Approver", LOOK),
    role("viewer", "Viewer", LOOK),
];

/// The keys of the roles of which somebody must always be left.
pub const OWNERS: &[&str] = &["company_owner", "agency_owner"];

/// The roles of a new organization of this kind; the first is its founder's.
pub fn of(kind: &str) -> &'static [SystemRole] {
    if kind == "agency" { AGENCY } else { BUSINESS }
}

/// Whether this is a role of which somebody must always be left, and which keeps all it may do.
pub fn is_owner(key: &str) -> bool {
    OWNERS.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::CATALOGUE;

    #[test]
    fn every_permission_of_a_role_is_in_the_catalogue_and_the_founder_is_an_owner() {
        for kind in ["direct", "agency", "client", "internal"] {
            for role in of(kind) {
                for permission in role.permissions {
                    assert!(
                        CATALOGUE.iter().any(|known| known.key == *permission),
                        "{}: {permission}",
                        role.key
                    );
                }
            }
            assert!(of(kind).first().is_some_and(|role| OWNERS.contains(&role.key)), "{kind}");
        }
    }

    #[test]
    fn every_permission_in_the_catalogue_is_held_by_some_role() {
        for known in CATALOGUE {
            let held = ["direct", "agency"]
                .iter()
                .flat_map(|kind| of(kind))
                .any(|role| role.permissions.contains(&known.key));
            assert!(held, "{}", known.key);
        }
    }
}
