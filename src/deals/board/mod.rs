//! The board: a column for each stage of a pipeline, with what is in it and what it is worth.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    deal::rots,
    pipelines::{Kind, Stage, StageId},
};
use crate::money::Money;

pub(super) use routes::part;
pub(super) use views::Around;

/// Cards that a column shows; the rest is in the table.
const CARDS: i64 = 50;

/// A deal as its card shows it.
#[derive(Clone, Debug)]
struct Card {
    id: Uuid,
    stage_id: StageId,
    name: String,
    value_minor: i64,
    currency: String,
    contact: Option<String>,
    owner: Option<String>,
    expected_close_on: Option<NaiveDate>,
    kind: Kind,
    rot_days: Option<i32>,
    stage_since: DateTime<Utc>,
}

impl Card {
    fn value(&self) -> String {
        Money { minor: self.value_minor, currency: self.currency.clone() }.words()
    }

    fn rots(&self, now: DateTime<Utc>) -> bool {
        rots(self.kind, self.rot_days, self.stage_since, now)
    }
}

/// What the deals of a stage are worth in one currency.
#[derive(Clone, Debug)]
struct Sum {
    stage_id: StageId,
    currency: String,
    deals: i64,
    sum: i64,
    /// Each by how likely it is.
    weighted: i64,
}

impl Sum {
    fn whole(&self) -> String {
        Money { minor: self.sum, currency: self.currency.clone() }.words()
    }

    fn likely(&self) -> String {
        Money { minor: self.weighted, currency: self.currency.clone() }.words()
    }
}

#[derive(Clone, Debug)]
struct Column {
    stage: Stage,
    sums: Vec<Sum>,
    cards: Vec<Card>,
}

impl Column {
    fn deals(&self) -> i64 {
        self.sums.iter().map(|sum| sum.deals).sum()
    }

    /// How many are not shown.
    fn more(&self) -> i64 {
        self.deals() - i64::try_from(self.cards.len()).unwrap_or_default()
    }
}
