//! Cells of vocabularies that say nothing that is known: `warm` where there is no such stage. The look at a file counts
//! them, somebody says what they mean, and the next look and the import read them so.

pub(super) mod page;
mod queries;
mod views;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Different cells of a column that are told apart; what is longer than this many characters is not.
pub const MOST: usize = 50;
const LONGEST: usize = 100;

/// Cells that are not known, by column and with how often each is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(BTreeMap<String, Strangers>);

/// Those of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Strangers {
    pub cells: BTreeMap<String, i64>,
    /// How many cells there are beside those.
    pub more: i64,
}

impl Unknown {
    pub fn note(&mut self, column: &str, cell: &str) {
        if !self.0.contains_key(column) {
            self.0.insert(column.to_owned(), Strangers::default());
        }
        let Some(strangers) = self.0.get_mut(column) else { return };
        let has_room = strangers.cells.len() < MOST && cell.chars().count() <= LONGEST;
        match strangers.cells.get_mut(cell) {
            Some(count) => *count += 1,
            None if has_room => {
                strangers.cells.insert(cell.to_owned(), 1);
            }
            None => strangers.more += 1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn columns(&self) -> impl Iterator<Item = (&String, &Strangers)> {
        self.0.iter()
    }

    /// Column, cell and how often, column by column.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, i64)> {
        self.0.iter().flat_map(|(column, strangers)| {
            strangers.cells.iter().map(|(cell, count)| (column.as_str(), cell.as_str(), *count))
        })
    }
}

/// What cells mean, by column: the key or the words of something known, or nothing at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meanings(BTreeMap<String, BTreeMap<String, String>>);

impl Meanings {
    pub fn of(&self, column: &str, cell: &str) -> Option<&str> {
        self.0.get(column)?.get(cell).map(String::as_str)
    }

    /// Says what a cell means; none refuses its line.
    pub fn put(&mut self, column: &str, cell: &str, meaning: Option<&str>) {
        let cells = self.0.entry(column.to_owned()).or_default();
        match meaning {
            Some(meaning) => cells.insert(cell.to_owned(), meaning.to_owned()),
            None => cells.remove(cell),
        };
    }

    /// How many cells it was said of.
    pub fn count(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_cells_are_told_apart_and_the_others_are_counted() {
        let mut unknown = Unknown::default();
        for n in 0..MOST + 10 {
            unknown.note("stage", &format!("s{n}"));
            unknown.note("stage", "s0");
        }
        unknown.note("stage", &"x".repeat(LONGEST + 1));
        let strangers = unknown.0.get("stage").unwrap();
        let of_first = i64::try_from(MOST + 11).unwrap();
        assert_eq!((strangers.cells.len(), strangers.more, strangers.cells["s0"]), (MOST, 11, of_first));
        let kept = serde_json::to_value(&unknown).unwrap();
        assert_eq!(serde_json::from_value::<Unknown>(kept).unwrap(), unknown);
    }
}
