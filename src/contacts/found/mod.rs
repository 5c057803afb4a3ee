//! People found by words, best first: who is known by exactly that, whose number ends like it, whose name or address
//! begins with it, in whom every word stands somewhere.

pub(super) mod queries;

use uuid::Uuid;

use super::{ViewContacts, contact::called};
use crate::{
    orgs::palette::seekers::{Hit, Seeker},
    tenancy::{OrgTx, Permission},
    web::sought::Sought,
};

/// For the palette.
pub const SEEKER: Seeker = Seeker {
    label: "Contacts",
    icon: "user",
    needs: ViewContacts::KEY,
    seek: |tx, sought, most| Box::pin(hits(tx, sought, most)),
};

/// How many are offered where somebody is chosen.
const OFFERED: u8 = 8;

/// Somebody who was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: String,
    pub company: String,
}

impl Found {
    pub fn name(&self) -> String {
        called(&self.first_name, &self.last_name, &[&self.company, self.email(), &self.phone])
    }

    pub fn email(&self) -> &str {
        self.email.as_deref().unwrap_or("")
    }

    /// What tells them from others of their name.
    fn detail(&self) -> String {
        let reached = if self.email().is_empty() { &self.phone } else { self.email() };
        let parts = [self.company.as_str(), reached].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" · ")
    }
}

/// The few who fit best; the first by name where nothing was typed.
pub async fn search(tx: &mut OrgTx, words: &str) -> sqlx::Result<Vec<Found>> {
    best(tx, &Sought::new(words), OFFERED).await
}

async fn best(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Found>> {
    let mut found = queries::known(tx, sought, most).await?;
    if found.len() < usize::from(most) && !sought.is_empty() {
        let there: Vec<Uuid> = found.iter().map(|one| one.id).collect();
        found.extend(queries::mentioned(tx, sought, (&there, most)).await?);
        found.truncate(most.into());
    }
    Ok(found)
}

async fn hits(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Hit>> {
    let found = best(tx, sought, most).await?;
    let hit =
        |one: &Found| Hit { label: one.name(), detail: one.detail(), path: format!("/contacts/{}", one.id) };
    Ok(found.iter().map(hit).collect())
}
