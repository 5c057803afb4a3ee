//! A table that holds something about people: what, how it is found, and what an erasure does with it.

use std::{pin::Pin, sync::Arc};

use serde_json::Value;

use super::Person;
use crate::tenancy::OrgTx;

/// What an erasure leaves of a table's rows about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They go.
    Deleted,
    /// They stay for the counts, without what says whose they were.
    Blanked,
    /// They stay as they are, for this reason.
    Kept(&'static str),
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'a>>;

/// Rows are read up to this; who has more of one kind is told so.
pub const MOST: i64 = 50_000;

/// A table that holds something about people.
#[derive(Clone, Copy)]
pub struct Held {
    pub table: &'static str,
    /// What its rows are, for people: `Notes about them`.
    pub words: &'static str,
    /// The columns that hold something about them.
    pub personal: &'static [&'static str],
    /// Columns that can hold a word and say nothing about anybody.
    pub plain: &'static [&'static str],
    pub fate: Fate,
    /// What becomes of it, for people: `deleted, with those whom they call on`.
    pub then: &'static str,
    /// Everything that is kept about somebody, a value for each row.
    pub rows: for<'a> fn(&'a mut OrgTx, &'a Person) -> Answer<'a, Vec<Value>>,
    /// Takes it away, and gives of how many rows.
    pub erase: for<'a> fn(&'a mut OrgTx, &'a Person) -> Answer<'a, u64>,
}

/// Every table that holds something about people, in the order in which an erasure goes through them: what names
/// somebody by their words comes before what the words are known from. Cheap to clone.
#[derive(Clone)]
pub struct Holdings(Arc<Vec<Held>>);

impl Holdings {
    pub fn new(parts: &[&[Held]]) -> Self {
        Self(Arc::new(parts.iter().flat_map(|part| part.iter().copied()).collect()))
    }

    pub fn all(&self) -> &[Held] {
        &self.0
    }
}
