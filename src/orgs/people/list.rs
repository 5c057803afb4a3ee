//! The list as its address describes it: search, filter, sort, page. The address is the view.

use serde::Deserialize;

use crate::web::page::{Cursor, Going};

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    pub q: String,
    pub status: String,
    pub sort: String,
    pub dir: String,
    pub after: String,
    pub before: String,
}

/// The columns that the list can be sorted by.
pub const SORTS: &[(&str, &str)] =
    &[("name", "Name"), ("email", "E-mail"), ("role", "Role"), ("joined", "Joined")];

const STATUSES: &[&str] = &["active", "pending", "inactive"];

impl ListQuery {
    /// A column that exists; anything else sorts by name.
    pub fn sort(&self) -> &'static str {
        SORTS.iter().map(|(key, _)| *key).find(|key| *key == self.sort).unwrap_or("name")
    }

    pub fn is_descending(&self) -> bool {
        self.dir == "desc"
    }

    /// A status that exists, or all of them.
    pub fn status(&self) -> &'static str {
        STATUSES.iter().copied().find(|status| *status == self.status).unwrap_or("")
    }

    pub fn has_status(&self, status: &str) -> bool {
        self.status() == status
    }

    pub fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    pub fn cursor(&self) -> Option<Cursor> {
        Cursor::decode(if self.before.is_empty() { &self.after } else { &self.before })
    }

    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.status().is_empty()
    }

    /// The search with the wildcards of LIKE taken literally.
    pub fn pattern(&self) -> String {
        let literal = self.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }

    /// What describes the view, without the place in it: for links and for saving.
    pub fn view(&self) -> String {
        self.with(self.sort(), self.is_descending(), self.status())
    }

    /// The same view sorted by `column`; sorting twice by one column turns it around.
    pub fn sorted_by(&self, column: &str) -> String {
        let turned = self.sort() == column && !self.is_descending();
        self.with(column, turned, self.status())
    }

    /// The same view with another status, or with none.
    pub fn filtered_by(&self, status: &str) -> String {
        self.with(self.sort(), self.is_descending(), status)
    }

    /// For `aria-sort` of a column.
    pub fn aria_sort(&self, column: &str) -> &'static str {
        match (self.sort() == column, self.is_descending()) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn with(&self, sort: &str, descending: bool, status: &str) -> String {
        let pairs = [
            ("q", self.q.trim()),
            ("status", status),
            ("sort", if sort == "name" { "" } else { sort }),
            ("dir", if descending { "desc" } else { "" }),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        serde_urlencoded(given)
    }
}

fn serde_urlencoded<'a>(pairs: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::ListQuery;

    #[test]
    fn an_address_that_means_nothing_is_the_plain_list() {
        let query =
            ListQuery { sort: "'; drop".into(), status: "x".into(), dir: "y".into(), ..ListQuery::default() };
        assert_eq!(query.view(), "");
        assert_eq!((query.sort(), query.status(), query.is_descending()), ("name", "", false));
    }

    #[test]
    fn sorting_twice_by_one_column_turns_it_around() {
        let query = ListQuery { q: "a&b".into(), sort: "email".into(), ..ListQuery::default() };
        assert_eq!(query.sorted_by("email"), "q=a%26b&sort=email&dir=desc");
        assert_eq!(query.sorted_by("name"), "q=a%26b");
    }

    #[test]
    fn the_wildcards_of_like_are_taken_literally() {
        let query = ListQuery { q: "50%_\\".into(), ..ListQuery::default() };
        assert_eq!(query.pattern(), "%50\\%\\_\\\\%");
    }
}
