//! Keyset pages and sorting, in the address of a list.
//!
//! A page starts after the last row of the one before, never at a number of rows: the hundredth page
//! costs what the first does, and a row added meanwhile shifts nothing.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

/// Rows on a page.
pub const PAGE: usize = 50;

/// Where a page starts: the sort value and id of the row before it (or after it, going back).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub value: String,
    pub id: uuid::Uuid,
}

impl Cursor {
    pub fn encode(&self) -> String {
        serde_json::to_vec(self).map_or_else(|_| String::new(), |json| BASE64URL_NOPAD.encode(&json))
    }

    /// `None` for anything that this module did not make: the list then starts at its beginning.
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
    }
}

/// One page of rows, and how to get to its neighbours.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The direction in which a page was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    Forward,
    Back,
}

impl<T> Page<T> {
    /// Cuts a page out of up to `PAGE + 1` rows, given in the order that `going` reads them.
    pub fn cut(mut rows: Vec<T>, going: Going, from_start: bool, cursor: impl Fn(&T) -> Cursor) -> Self {
        let has_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        if going == Going::Back {
            rows.reverse();
        }
        let (has_previous, has_next) = match going {
            Going::Forward => (!from_start, has_more),
            Going::Back => (has_more, true),
        };
        let at = |row: Option<&T>| row.map(|row| cursor(row).encode());
        let previous = at(rows.first().filter(|_| has_previous));
        let next = at(rows.last().filter(|_| has_next));
        Self { rows, previous, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(n: &usize) -> Cursor {
        Cursor { value: n.to_string(), id: uuid::Uuid::from_u128(*n as u128) }
    }

    #[test]
    fn a_cursor_survives_the_address_bar_and_rubbish_is_no_cursor() {
        assert_eq!(Cursor::decode(&cursor(&7).encode()), Some(cursor(&7)));
        assert_eq!(Cursor::decode("' or 1=1"), None);
    }

    #[test]
    fn the_first_page_has_no_previous_and_the_last_no_next() {
        let first = Page::cut((0..=PAGE).collect(), Going::Forward, true, cursor);
        assert_eq!((first.rows.len(), first.previous.is_some(), first.next.is_some()), (PAGE, false, true));

        let last = Page::cut(vec![51, 52], Going::Forward, false, cursor);
        assert_eq!((last.rows, last.previous.is_some(), last.next.is_some()), (vec![51, 52], true, false));

        let back = Page::cut((0..PAGE).rev().collect(), Going::Back, false, cursor);
        assert_eq!(
            (back.rows.first(), back.previous.is_some(), back.next.is_some()),
            (Some(&0), false, true)
        );
    }
}
