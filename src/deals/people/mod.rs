//! The contacts of a deal, one of whom is its primary one.

mod queries;
pub mod routes;

use serde_json::json;
use uuid::Uuid;

use super::Deal;
use crate::{
    audit::Entry,
    contacts::{ContactId, contact, found::search},
    tenancy::OrgTx,
};

/// A contact of a deal.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub email: Option<String>,
    pub phone: String,
    pub is_primary: bool,
}

impl Person {
    pub fn name(&self) -> String {
        let email = self.email.as_deref().unwrap_or("");
        contact::called(&self.first_name, &self.last_name, &[&self.company, email, &self.phone])
    }

    /// What is known beside the name.
    pub fn beside(&self) -> String {
        let all = [self.company.as_str(), self.email.as_deref().unwrap_or(""), self.phone.as_str()];
        let name = self.name();
        all.into_iter().filter(|one| !one.is_empty() && *one != name).collect::<Vec<_>>().join(" · ")
    }

    pub fn initials(&self) -> String {
        crate::accounts::user::initials(&self.name())
    }
}

pub(super) async fn of_deal(tx: &mut OrgTx, deal: &Deal) -> sqlx::Result<Vec<Person>> {
    queries::of_deal(tx, deal.id).await
}

/// The one contact who is meant by an address or by part of a name, or what to tell.
pub async fn meant(tx: &mut OrgTx, typed: &str) -> sqlx::Result<Result<ContactId, String>> {
    let typed = typed.trim();
    let found = search(tx, typed).await?;
    let exactly = found.iter().find(|row| row.email().eq_ignore_ascii_case(typed));
    Ok(match (exactly, found.as_slice()) {
        (Some(row), _) => Ok(ContactId(row.id)),
        (None, []) => {
            Err("Nobody here has that address or name. Add them to your contacts first.".to_owned())
        }
        (None, [row]) => Ok(ContactId(row.id)),
        (None, several) => {
            let names: Vec<String> =
                several.iter().take(3).map(|row| format!("{} ({})", row.name(), row.email())).collect();
            Err(format!("Several people match, such as {}. Type the e-mail address.", names.join(", ")))
        }
    })
}

/// Adds somebody; the first is the primary one. `false` where they are there already.
async fn add(
    tx: &mut OrgTx,
    deal: &Deal,
    whom: (ContactId, &str),
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<bool> {
    if !queries::insert(tx, deal.id, whom.0, now).await? {
        return Ok(false);
    }
    let entry = Entry::new("deals.contact_added").on("deal", deal.id, &deal.name);
    tx.record(entry.after(json!({ "contact": whom.1 })), now).await?;
    Ok(true)
}
