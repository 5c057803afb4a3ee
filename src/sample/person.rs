//! Somebody in the sample data, as they are written down there.

use chrono::{DateTime, TimeDelta, Utc};

use super::queries;
use crate::{
    accounts::{UserId, profile, sign_up},
    audit::Actor,
    email_address::EmailAddress,
    tenancy::OrgTx,
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub name: &'static str,
    title: &'static str,
    role: &'static str,
    status: &'static str,
    /// How long ago they joined, in days.
    pub joined: i64,
}

pub(super) const fn person(
    name: &'static str,
    title: &'static str,
    role: &'static str,
    status: &'static str,
    joined: i64,
) -> Person {
    Person { name, title, role, status, joined }
}

/// Somebody who has an account now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub id: UserId,
    pub name: &'static str,
}

impl Known {
    /// The same, as whoever did something.
    pub(super) fn actor(self) -> Actor {
        Actor::person(self.id.0, self.name)
    }
}

impl Person {
    /// `Sam Whitfield` of `summit-roofing` is `sam@summit-roofing.example`.
    pub(super) fn address(&self, of: &str) -> String {
        let first = self.name.split_whitespace().next().unwrap_or(self.name);
        format!("{}@{of}.example", first.to_lowercase())
    }

    /// Their account, made on the day they joined.
    pub(super) async fn sign_up(
        &self,
        tx: &mut OrgTx,
        (of, password_hash): (&str, &str),
        now: DateTime<Utc>,
    ) -> anyhow::Result<Known> {
        let email = EmailAddress::parse(&self.address(of))
            .ok_or_else(|| anyhow::anyhow!("a sample address is wrong"))?;
        let made = sign_up::create(tx.conn(), &email, self.name, password_hash, self.joined_at(now)).await?;
        let id = made.ok_or_else(|| anyhow::anyhow!("{email} has an account already"))?;
        profile::set_title(tx.conn(), id, self.title).await?;
        Ok(Known { id, name: self.name })
    }

    pub(super) async fn join(&self, tx: &mut OrgTx, who: Known, now: DateTime<Utc>) -> sqlx::Result<()> {
        queries::join(tx, who.id, (self.role, self.status, None), self.joined_at(now)).await
    }

    pub(super) fn joined_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - TimeDelta::days(self.joined)
    }
}

/// Places somebody of the agency in a client that `tx` is inside of.
pub(super) async fn place(
    tx: &mut OrgTx,
    (who, by): (Known, Known),
    role: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    queries::join(tx, who.id, (role, "active", Some(by.id.0)), at).await
}
