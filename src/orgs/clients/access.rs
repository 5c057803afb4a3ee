//! Who can enter a client right now, and why: what `app.user_organizations` decides, for people to read.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::orgs::roles::Role;

/// A row of membership in the client itself.
#[derive(Clone, Debug)]
pub struct OwnRow {
    pub user_id: Uuid,
    pub name: String,
    pub email: String,
    pub status: String,
    pub role_id: Uuid,
    pub role_name: String,
    pub assigned_by_agency: bool,
}

/// Somebody active in the agency.
#[derive(Clone, Debug)]
pub struct AgencyPerson {
    pub user_id: Uuid,
    pub name: String,
    pub email: String,
    pub role_name: String,
    /// The key of the role that they have in every client, if they may enter every one.
    pub client_role: Option<String>,
}

/// Why somebody can enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A member of the client's own.
    Member,
    /// Placed in this client by the agency.
    Assigned,
    /// May enter every client of the agency.
    ThroughAgency,
}

/// Somebody who can enter the client right now.
#[derive(Clone, Debug)]
pub struct Entrant {
    pub user_id: Uuid,
    pub name: String,
    pub email: String,
    /// What they may do in the client.
    pub role_id: Uuid,
    pub reason: Reason,
    /// The reason in a sentence.
    pub because: String,
}

/// Who can enter, from the rows of the client, the people of the agency and the roles of the client.
pub fn entrants(own: &[OwnRow], agency: &[AgencyPerson], roles: &[Role], agency_name: &str) -> Vec<Entrant> {
    let in_agency: BTreeSet<Uuid> = agency.iter().map(|person| person.user_id).collect();
    let holds = |row: &&OwnRow| {
        row.status == "active" && (!row.assigned_by_agency || in_agency.contains(&row.user_id))
    };
    let members = own.iter().filter(holds).map(|row| {
        let (reason, because) = if row.assigned_by_agency {
            (Reason::Assigned, format!("{agency_name} has placed them here as {}", row.role_name))
        } else {
            (Reason::Member, format!("A member here, as {}", row.role_name))
        };
        Entrant {
            user_id: row.user_id,
            name: row.name.clone(),
            email: row.email.clone(),
            role_id: row.role_id,
            reason,
            because,
        }
    });
    // A row of their own, whatever its standing, comes before the way through the agency.
    let decided: BTreeSet<Uuid> =
        own.iter().filter(|row| row.status != "pending").map(|row| row.user_id).collect();
    let through = agency.iter().filter(|person| !decided.contains(&person.user_id)).filter_map(|person| {
        let key = person.client_role.as_ref()?;
        let role = roles.iter().find(|role| role.key == *key)?;
        Some(Entrant {
            user_id: person.user_id,
            name: person.name.clone(),
            email: person.email.clone(),
            role_id: role.id,
            reason: Reason::ThroughAgency,
            because: format!(
                "{} of {agency_name}, which lets them into every client, here as {}",
                person.role_name, role.name
            ),
        })
    });
    members.chain(through).collect()
}
