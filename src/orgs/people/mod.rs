//! Who is in a workspace: the list, letting somebody in again and shutting somebody out, and [`person`]
//! with their role.
//!
//! Always true: the last owner stays one; nobody decides over somebody who may do more than they.

pub mod list;
mod person;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    invitations,
    roles::{self, Giver},
    system_roles::OWNERS,
};
use crate::{
    audit::Entry,
    tenancy::{Member, OrgTx},
};

/// Somebody in a workspace, as the list shows them.
#[derive(Clone, Debug)]
pub struct Person {
    pub user_id: Uuid,
    pub name: String,
    pub email: String,
    pub role_key: String,
    pub role_name: String,
    pub status: String,
    pub joined_at: DateTime<Utc>,
    /// What the list is sorted by, as text that sorts alike.
    pub sort_value: String,
}

impl Person {
    pub fn initials(&self) -> String {
        crate::accounts::user::initials(&self.name)
    }

    pub fn is_owner(&self) -> bool {
        OWNERS.contains(&self.role_key.as_str())
    }
}

/// Whether a member may enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Active,
    Inactive,
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    pub fn opposite(self) -> Self {
        match self {
            Self::Active => Self::Inactive,
            Self::Inactive => Self::Active,
        }
    }
}

/// What came of changing several people at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub people: Vec<Uuid>,
    /// Left alone: the one who asked, and the last owner.
    pub kept: usize,
    /// Left alone: those who may do more than the one who asked.
    pub above: usize,
}

/// More people than this are not named in the address of an undo.
const UNDOABLE: usize = 200;

impl Changed {
    /// What was done, for the person who did it.
    pub fn sentence(&self, to: Standing) -> String {
        let people = match self.people.len() {
            1 => "1 person".to_owned(),
            n => format!("{n} people"),
        };
        let done = match to {
            Standing::Active => format!("{people} can enter again."),
            Standing::Inactive => format!("{people} can no longer enter."),
        };
        let kept = if self.kept > 0 { " You and the last owner keep your places." } else { "" };
        let above = if self.above > 0 { " Whoever may do more than you keeps theirs." } else { "" };
        format!("{done}{kept}{above}")
    }

    /// The query of the address that takes it back.
    pub fn undo(&self, to: Standing) -> Option<String> {
        if self.people.is_empty() || self.people.len() > UNDOABLE {
            return None;
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("to", to.opposite().as_str());
        for person in &self.people {
            query.append_pair("person", &person.to_string());
        }
        Some(query.finish())
    }
}

/// Lets these people in again, or shuts them out from their next request on.
///
/// Whoever asks keeps their own standing, and so do the last owner and those who may do more.
pub async fn change_standing(
    tx: &mut OrgTx,
    asking: &Member,
    wanted: &[Uuid],
    to: Standing,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let owners = queries::active_owners(tx).await?;
    let mut changing: Vec<Uuid> = wanted.iter().copied().filter(|id| *id != asking.user.id.0).collect();
    if to == Standing::Inactive && owners.iter().all(|owner| changing.contains(owner)) {
        changing.retain(|id| Some(id) != owners.first());
    }
    let kept = wanted.len() - changing.len();
    let roles = roles::all(tx).await?;
    let giver = Giver::new(asking, &roles);
    let given: Vec<Uuid> = roles.iter().filter(|role| giver.may_give(role)).map(|role| role.id).collect();
    let above = queries::with_other_roles(tx, &changing, &given).await?;
    changing.retain(|id| !above.contains(id));
    let people = queries::set_standing(tx, &changing, to, now).await?;
    let changed: Vec<Uuid> = people.iter().map(|person| person.user_id).collect();
    if to == Standing::Inactive {
        invitations::withdraw_of(tx, &changed, now).await?;
    }
    for person in &people {
        let done = Entry::new(if to == Standing::Active { "members.let_in" } else { "members.shut_out" });
        let [before, after] = [to.opposite(), to].map(|standing| json!({ "standing": standing.as_str() }));
        tx.record(done.on("user", person.user_id, &person.name).before(before).after(after), now).await?;
    }
    Ok(Changed { people: changed, kept, above: above.len() })
}
