//! Every deal, as the address describes it: searched, filtered, sorted, page by page.

pub(super) mod queries;
pub(super) mod views;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{deal::rots, pipelines::Kind};
use crate::{
    money::Money,
    web::page::{Cursor, Going},
};

/// A deal as the table shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub name: String,
    pub stage: String,
    pub kind: Kind,
    pub rot_days: Option<i32>,
    pub value_minor: i64,
    pub currency: String,
    pub contact: Option<String>,
    pub owner: Option<String>,
    pub expected_close_on: Option<NaiveDate>,
    pub stage_since: DateTime<Utc>,
    /// What the table is sorted by.
    pub sort_key: String,
}

impl Row {
    pub fn value(&self) -> String {
        Money { minor: self.value_minor, currency: self.currency.clone() }.words()
    }

    pub fn rots(&self, now: DateTime<Utc>) -> bool {
        rots(self.kind, self.rot_days, self.stage_since, now)
    }
}

/// The query part of the address, exactly as typed: of the board and of the table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DealQuery {
    /// `table`, or the board.
    pub view: String,
    pub pipeline: String,
    pub stage: String,
    pub owner: String,
    pub q: String,
    /// `archived`, or those that are not.
    pub status: String,
    pub sort: String,
    pub dir: String,
    pub after: String,
    pub before: String,
}

/// What the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Made,
    Name,
    Value,
    Close,
    /// How long it has been in its stage.
    Age,
}

impl DealQuery {
    pub fn is_table(&self) -> bool {
        self.view == "table"
    }

    /// A column that exists; anything else is the newest first.
    pub(super) fn sort(&self) -> Sort {
        match self.sort.as_str() {
            "name" => Sort::Name,
            "value" => Sort::Value,
            "close" => Sort::Close,
            "age" => Sort::Age,
            _ => Sort::Made,
        }
    }

    /// The newest, the largest and the longest come first unless somebody turns it around.
    pub(super) fn is_descending(&self) -> bool {
        match self.sort() {
            Sort::Made | Sort::Value | Sort::Age => self.dir != "asc",
            Sort::Name | Sort::Close => self.dir == "desc",
        }
    }

    pub(super) fn is_archived(&self) -> bool {
        self.status == "archived"
    }

    pub(super) fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    /// The place in the table; none where it is not one of this column.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        let cursor = Cursor::decode(if self.before.is_empty() { &self.after } else { &self.before })?;
        let fits = match self.sort() {
            Sort::Close => cursor.value == "infinity" || cursor.value.parse().is_ok_and(is_day),
            Sort::Age => {
                DateTime::parse_from_rfc3339(&cursor.value).is_ok_and(|at| is_day(at.naive_utc().date()))
            }
            _ => true,
        };
        fits.then_some(cursor)
    }

    pub(super) fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
            || !self.pipeline.is_empty()
            || !self.stage.is_empty()
            || !self.owner.is_empty()
    }

    /// The search in lower case, with the wildcards of LIKE taken literally; empty for every deal.
    pub(super) fn pattern(&self) -> String {
        let literal =
            self.q.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        if literal.is_empty() { literal } else { format!("%{literal}%") }
    }

    /// What describes the board: the pipeline and whose deals.
    pub fn board(&self) -> String {
        let (pipeline, owner) = (id(&self.pipeline), id(&self.owner));
        written(&[("pipeline", &pipeline), ("owner", &owner)])
    }

    /// What describes the table, without the place in it.
    pub fn table(&self) -> String {
        self.with(&self.sort, &self.dir, &self.status)
    }

    /// The same table sorted by `column`; sorting twice by one column turns it around.
    pub(super) fn sorted_by(&self, column: &str) -> String {
        let other = Self { sort: column.to_owned(), dir: String::new(), ..self.clone() };
        if other.sort() != self.sort() {
            return other.table();
        }
        let turned = if self.is_descending() { "asc" } else { "desc" };
        self.with(&self.sort, turned, &self.status)
    }

    pub(super) fn filtered_by(&self, status: &str) -> String {
        self.with(&self.sort, &self.dir, status)
    }

    /// For `aria-sort` of a column.
    pub(super) fn aria_sort(&self, column: &str) -> &'static str {
        let other = Self { sort: column.to_owned(), ..Self::default() };
        match (other.sort() == self.sort(), self.is_descending()) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn with(&self, sort: &str, dir: &str, status: &str) -> String {
        let sort = if matches!(sort, "name" | "value" | "close" | "age") { sort } else { "" };
        let dir = if matches!(dir, "asc" | "desc") { dir } else { "" };
        let status = if status == "archived" { status } else { "" };
        written(&[
            ("view", "table"),
            ("q", self.q.trim()),
            ("pipeline", &id(&self.pipeline)),
            ("stage", &id(&self.stage)),
            ("owner", &id(&self.owner)),
            ("status", status),
            ("sort", sort),
            ("dir", dir),
        ])
    }
}

/// Whether the database knows this day too.
fn is_day(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// What may be an id, as it is written; nothing for anything else.
fn id(typed: &str) -> String {
    typed.parse::<Uuid>().map(|id| id.to_string()).unwrap_or_default()
}

fn written(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_nothing_is_the_plain_table() {
        let query =
            DealQuery { sort: "'; drop".into(), stage: "x".into(), dir: "y".into(), ..DealQuery::default() };
        assert_eq!((query.table().as_str(), query.board().as_str()), ("view=table", ""));
        assert_eq!((query.sort(), query.is_descending()), (Sort::Made, true));
    }

    #[test]
    fn sorting_twice_by_one_column_turns_it_around() {
        let query = DealQuery { sort: "value".into(), ..DealQuery::default() };
        assert_eq!(query.sorted_by("value"), "view=table&sort=value&dir=asc");
        assert_eq!(query.sorted_by("name"), "view=table&sort=name");
    }

    #[test]
    fn a_place_of_another_column_is_no_place() {
        let at = |value: &str| Cursor { value: value.to_owned(), id: Uuid::nil() }.encode();
        let query = |sort: &str, value: &str| DealQuery {
            sort: sort.into(),
            after: at(value),
            ..DealQuery::default()
        };
        assert!(query("close", "2026-11-21").cursor().is_some());
        assert!(query("close", "rockets").cursor().is_none());
        assert!(query("age", "2026-11-21").cursor().is_none());
        assert!(query("age", "2026-11-21T09:00:00Z").cursor().is_some());
        for no_day in ["0000-01-01", "+123456-01-01", "-0044-03-15"] {
            assert!(query("close", no_day).cursor().is_none(), "{no_day}");
            assert!(query("age", &format!("{no_day}T00:00:00Z")).cursor().is_none(), "{no_day}");
        }
    }
}
