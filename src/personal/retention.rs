//! What is kept for so long and no longer, where a workspace decides so.

use std::{pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};

use crate::tenancy::OrgTx;

type Answer<'a, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'a>>;

/// Where the old ends.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub before: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// A kind of thing that grows old.
#[derive(Clone, Copy)]
pub struct Retention {
    /// As stored: `read_notices`.
    pub key: &'static str,
    /// What goes: `Notices that were read`.
    pub words: &'static str,
    /// Since when it counts, and what exactly happens.
    pub about: &'static str,
    /// In days: what is offered first, and what can be chosen.
    pub usual: i32,
    pub least: i32,
    pub most: i32,
    /// How many there are from before this moment.
    pub count: for<'a> fn(&'a mut OrgTx, DateTime<Utc>) -> Answer<'a, i64>,
    /// How many go in one transaction.
    pub at_once: i64,
    /// Takes so many of them away at the most, and gives how many it was.
    pub forget: for<'a> fn(&'a mut OrgTx, Cut, i64) -> Answer<'a, u64>,
}

/// Every kind there is. Cheap to clone.
#[derive(Clone)]
pub struct Retentions(Arc<Vec<Retention>>);

impl Retentions {
    pub fn new(all: Vec<Retention>) -> Self {
        Self(Arc::new(all))
    }

    pub fn all(&self) -> &[Retention] {
        &self.0
    }
}
