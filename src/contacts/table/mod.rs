//! Everybody, as the address of the list describes them: search, list, sort, page.

pub(in crate::contacts) mod counted;
mod neighbours;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

pub use neighbours::{Neighbours, neighbours};

use super::contact::called;
use crate::{
    tenancy::{Member, OrgTx},
    web::{
        App,
        page::{Cursor, Going},
    },
};

/// A contact as the list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: String,
    pub company: String,
    pub lifecycle_stage: String,
    pub created_at: DateTime<Utc>,
    /// What the list is sorted by.
    pub sort_value: String,
}

impl Row {
    pub fn name(&self) -> String {
        called(&self.first_name, &self.last_name, &[&self.company, self.email(), &self.phone])
    }

    pub fn email(&self) -> &str {
        self.email.as_deref().unwrap_or("")
    }

    pub fn initials(&self) -> String {
        crate::accounts::user::initials(&self.name())
    }
}

/// Counts anew from here on, for somebody has changed who is in a list.
pub fn changed(app: &App, member: &Member) {
    counted::forget(app, member.access.org.0);
}

/// The first few people in whose name, address, company or phone this stands.
pub async fn search(tx: &mut OrgTx, words: &str) -> sqlx::Result<Vec<Row>> {
    let query = ListQuery { q: words.to_owned(), sort: "name".to_owned(), ..ListQuery::default() };
    let mut found = queries::page(tx, &query).await?.rows;
    found.truncate(8);
    Ok(found)
}

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    pub q: String,
    /// The id of a list, for those in it only.
    pub list: String,
    /// The id of a tag, for those who have it only.
    pub tag: String,
    /// `archived`, or whoever is not.
    pub status: String,
    pub sort: String,
    pub dir: String,
    pub after: String,
    pub before: String,
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Added,
    Name,
    Email,
}

impl ListQuery {
    /// A column that exists; anything else is the newest first.
    pub fn sort(&self) -> Sort {
        match self.sort.as_str() {
            "name" => Sort::Name,
            "email" => Sort::Email,
            _ => Sort::Added,
        }
    }

    /// The newest come first unless somebody turns it around; names begin with A.
    pub fn is_descending(&self) -> bool {
        match self.sort() {
            Sort::Added => self.dir != "asc",
            Sort::Name | Sort::Email => self.dir == "desc",
        }
    }

    pub fn is_archived(&self) -> bool {
        self.status == "archived"
    }

    pub fn list(&self) -> Option<Uuid> {
        self.list.parse().ok()
    }

    pub fn tag(&self) -> Option<Uuid> {
        self.tag.parse().ok()
    }

    pub fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    pub fn cursor(&self) -> Option<Cursor> {
        Cursor::decode(if self.before.is_empty() { &self.after } else { &self.before })
    }

    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || self.list().is_some() || self.tag().is_some() || self.is_archived()
    }

    /// The search in lower case, with the wildcards of LIKE taken literally; empty for everybody.
    pub fn pattern(&self) -> String {
        let literal =
            self.q.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        if literal.is_empty() { literal } else { format!("%{literal}%") }
    }

    /// What describes the view, without the place in it: for links and for saving.
    pub fn view(&self) -> String {
        self.with(&self.sort, &self.dir, &self.status)
    }

    /// The same view sorted by `column`; sorting twice by one column turns it around.
    pub fn sorted_by(&self, column: &str) -> String {
        let other = Self { sort: column.to_owned(), dir: String::new(), ..self.clone() };
        if other.sort() != self.sort() {
            return other.view();
        }
        let turned = if self.is_descending() { "asc" } else { "desc" };
        self.with(&self.sort, turned, &self.status)
    }

    pub fn filtered_by(&self, status: &str) -> String {
        self.with(&self.sort, &self.dir, status)
    }

    /// For `aria-sort` of a column.
    pub fn aria_sort(&self, column: &str) -> &'static str {
        let other = Self { sort: column.to_owned(), ..Self::default() };
        match (other.sort() == self.sort(), self.is_descending()) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn with(&self, sort: &str, dir: &str, status: &str) -> String {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let (list, tag) = (id(self.list()), id(self.tag()));
        let sort = if matches!(sort, "name" | "email") { sort } else { "" };
        let dir = if matches!(dir, "asc" | "desc") { dir } else { "" };
        let status = if status == "archived" { status } else { "" };
        let pairs = [
            ("q", self.q.trim()),
            ("list", &list),
            ("tag", &tag),
            ("status", status),
            ("sort", sort),
            ("dir", dir),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{ListQuery, Sort};

    #[test]
    fn an_address_that_means_nothing_is_the_plain_list() {
        let query =
            ListQuery { sort: "'; drop".into(), list: "x".into(), dir: "y".into(), ..ListQuery::default() };
        assert_eq!(query.view(), "");
        assert_eq!((query.sort(), query.is_descending()), (Sort::Added, true));
    }

    #[test]
    fn sorting_twice_by_one_column_turns_it_around() {
        let query = ListQuery { q: "a&b".into(), sort: "email".into(), ..ListQuery::default() };
        assert_eq!(query.sorted_by("email"), "q=a%26b&sort=email&dir=desc");
        assert_eq!(query.sorted_by("added"), "q=a%26b");
        assert_eq!(ListQuery::default().sorted_by("added"), "dir=asc");
    }
}
