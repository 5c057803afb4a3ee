//! What a deal is, who can own one, and when something about it happened.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    pipelines::{Kind, PipelineId, StageId},
    queries,
};
use crate::{contacts::ContactId, money::Money, tenancy::OrgTx};

crate::id!(
    /// Something that may be sold to somebody.
    DealId
);

/// A deal, with the names of where it is and whose it is.
#[derive(Clone, Debug)]
pub struct Deal {
    pub id: DealId,
    pub name: String,
    pub pipeline_id: PipelineId,
    pub pipeline: String,
    pub stage_id: StageId,
    pub stage: String,
    pub kind: Kind,
    pub stage_probability: i16,
    pub rot_days: Option<i32>,
    pub value_minor: i64,
    pub currency: String,
    /// In per cent, where it is not what the stage says.
    pub probability: Option<i16>,
    pub expected_close_on: Option<NaiveDate>,
    pub actual_close_at: Option<DateTime<Utc>>,
    pub lost_reason: String,
    pub source: String,
    pub owner_id: Option<Uuid>,
    pub owner: Option<String>,
    pub stage_since: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub archived_at: Option<DateTime<Utc>>,
}

impl Deal {
    pub fn value(&self) -> Money {
        Money { minor: self.value_minor, currency: self.currency.clone() }
    }

    /// How likely it is to be won, in per cent.
    pub fn chance(&self) -> i16 {
        if self.kind == Kind::Open {
            self.probability.unwrap_or(self.stage_probability)
        } else {
            self.stage_probability
        }
    }

    pub fn rots(&self, now: DateTime<Utc>) -> bool {
        rots(self.kind, self.rot_days, self.stage_since, now)
    }
}

/// Whether a deal has been in an open stage for longer than it should.
pub fn rots(kind: Kind, days: Option<i32>, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    kind == Kind::Open && days.is_some_and(|days| now - since > TimeDelta::days(days.into()))
}

/// How long, in words: `3 days`.
pub fn span(length: TimeDelta) -> String {
    let words = |n: i64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    match (length.num_days(), length.num_hours()) {
        (days @ 1.., _) => words(days, "day"),
        (_, hours @ 1..) => words(hours, "hour"),
        _ => "less than an hour".to_owned(),
    }
}

/// When something happens: by the program's clock, and how long ago that was by the log's.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: DateTime<Utc>,
    pub ago: TimeDelta,
}

impl From<DateTime<Utc>> for Moment {
    fn from(now: DateTime<Utc>) -> Self {
        Self { at: now, ago: TimeDelta::zero() }
    }
}

/// The deal with this id.
pub async fn find(tx: &mut OrgTx, id: DealId) -> sqlx::Result<Option<Deal>> {
    queries::find(tx, id).await
}

/// The same, which nobody else changes until the transaction ends.
pub(super) async fn locked(tx: &mut OrgTx, id: DealId) -> sqlx::Result<Option<Deal>> {
    queries::lock(tx, id).await?;
    queries::find(tx, id).await
}

/// The contacts of a deal, the primary one first.
pub(super) async fn contacts(tx: &mut OrgTx, id: DealId) -> sqlx::Result<Vec<Uuid>> {
    queries::contacts(tx, id).await
}

/// What these deals are called.
pub(super) async fn named(tx: &mut OrgTx, all: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    queries::named(tx, all).await
}

/// Who can own a deal: the active members, id and name.
pub async fn owners(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    queries::owners(tx).await
}

/// The contact of this organization with this id, by name.
pub(super) async fn contact_named(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<Option<String>> {
    Ok(crate::contacts::record::find(tx, id).await?.map(|contact| contact.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_rots_after_its_days_in_an_open_stage_and_never_where_none_are_set() {
        let since = DateTime::UNIX_EPOCH;
        let later = |hours: i64| since + TimeDelta::hours(hours);
        assert!(!rots(Kind::Open, Some(2), since, later(48)));
        assert!(rots(Kind::Open, Some(2), since, later(49)));
        assert!(!rots(Kind::Open, None, since, later(9999)));
        assert!(!rots(Kind::Won, Some(2), since, later(9999)));
        assert_eq!(span(TimeDelta::hours(25)), "1 day");
        assert_eq!(span(TimeDelta::minutes(120)), "2 hours");
        assert_eq!(span(TimeDelta::zero()), "less than an hour");
    }
}
