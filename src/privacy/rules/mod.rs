//! What is kept for so long and no longer: each kind as its domain has it, on where the workspace says so.

mod queries;
pub mod routes;
mod views;
pub mod work;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::erasing;
use crate::{
    contacts,
    jobs::Failure,
    personal::{Cut, Retention},
    tenancy::OrgTx,
    web::FieldErrors,
};

/// What a workspace decided about one kind, and what came of it.
#[derive(Clone, Debug)]
pub struct Rule {
    pub kind: String,
    /// None while it is off.
    pub days: Option<i32>,
    pub last_run_at: Option<DateTime<Utc>>,
    pub last_count: i64,
    pub total: i64,
    pub last_error: String,
}

/// Contacts who were archived long ago are erased, each with a report.
pub const ARCHIVED: Retention = Retention {
    key: "archived_contacts",
    words: "Archived contacts",
    about: "Whoever was archived so long ago is erased, with everything that is kept of them and with a report for \
            each. Bringing somebody back in time keeps them.",
    usual: 730,
    least: 30,
    most: 3_650,
    count: |tx, before| Box::pin(contacts::personal::count_archived_before(tx, before)),
    at_once: 5_000,
    forget: |tx, cut, at_most| Box::pin(erase_archived(tx, cut, at_most)),
};

async fn erase_archived(tx: &mut OrgTx, cut: Cut, at_most: i64) -> sqlx::Result<u64> {
    let mut asked = 0;
    for contact in contacts::personal::archived_before(tx, cut.before, at_most).await? {
        if erasing::open(tx, contact).await?.is_none() {
            ask(tx, contact, cut.now).await?;
            asked += 1;
        }
    }
    Ok(asked)
}

async fn ask(tx: &mut OrgTx, contact: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    match erasing::ask(tx, contact, ("retention", None), now).await {
        Ok(_) => Ok(()),
        Err(Failure::Again(error)) => {
            Err(error.downcast().unwrap_or_else(|error| sqlx::Error::Encode(error.into())))
        }
        Err(error) => Err(sqlx::Error::Encode(error.into())),
    }
}

/// Keeps something for so many days from now on.
pub async fn decide(tx: &mut OrgTx, kind: &str, days: i32, now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::save(tx, (kind, Some(days)), now).await?;
    Ok(())
}

/// From which moment on something is old.
pub(super) fn cut(days: i32, now: DateTime<Utc>) -> Cut {
    Cut { before: now - TimeDelta::days(i64::from(days)), now }
}

/// A rule, as typed: a box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleForm {
    /// Of what: the key of a kind.
    pub kind: String,
    pub on: Option<String>,
    pub days: String,
}

impl RuleForm {
    /// After how many days; none for a rule that is off. Told beside the field what can be chosen.
    fn check(&self, kind: &Retention) -> Result<Option<i32>, FieldErrors> {
        if self.on.is_none() {
            return Ok(None);
        }
        let typed = self.days.trim().parse().ok();
        match typed.filter(|days| (kind.least..=kind.most).contains(days)) {
            Some(days) => Ok(Some(days)),
            None => {
                let told = format!("A whole number of days from {} to {}.", kind.least, kind.most);
                Err(FieldErrors::on("days", &told))
            }
        }
    }
}
