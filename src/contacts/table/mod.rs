//! Everybody, as the address of the list describes them: search, list, sort, page.

pub mod columns;
pub(in crate::contacts) mod counted;
mod neighbours;
mod queries;
pub mod routes;
mod sort;
mod views;

use std::collections::BTreeMap;

use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

pub use neighbours::{Neighbours, neighbours};
pub use sort::Sort;

use super::{
    contact::called,
    segments::{
        Behaviours,
        catalogue::Catalogue,
        filter::{self, Filter},
        form::RuleForm,
        rule::{Group, Join, Line, Rule},
        test::Meaning,
    },
};
use crate::{
    tenancy::{Member, OrgTx},
    web::{
        App,
        page::{Cursor, Going},
        sought::Sought,
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
    pub lead_status: String,
    pub lead_score: i16,
    pub engagement_score: i16,
    pub source: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The values of [`FIELDS`](super::contact::FIELDS), in their order.
    pub known: Vec<String>,
    /// Nothing where the list shows none of it; so with the two behind it.
    pub custom: Json<BTreeMap<String, Value>>,
    /// Who looks after them, by name.
    pub owner: Option<String>,
    /// When something last happened to them.
    pub active_at: Option<DateTime<Utc>>,
    /// What the list is sorted by.
    #[sqlx(default)]
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

/// A contact as a file of them has it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SheetRow {
    #[sqlx(flatten)]
    pub person: Row,
    pub tags: Vec<String>,
}

/// Up to so many of a view behind somebody, in the order in which they came.
pub async fn sheet(
    tx: &mut OrgTx,
    query: &ListQuery,
    (after, most): (Uuid, usize),
) -> sqlx::Result<Vec<SheetRow>> {
    queries::sheet(tx, query, (after, most)).await
}

/// How many the view holds; not counted beyond a hundred thousand.
pub async fn count(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<i64> {
    queries::count(tx, query).await
}

/// Settles that a change is about everybody in the view.
pub(in crate::contacts) async fn choose(tx: &mut OrgTx, query: &ListQuery, change: Uuid) -> sqlx::Result<()> {
    queries::choose(tx, query, change).await
}

/// Counts anew from here on, for somebody has changed who is in a list.
pub fn changed(app: &App, member: &Member) {
    counted::forget(app, member.access.org.0);
}

/// The same, for work that nobody waits for.
pub fn recount(app: &App, org: uuid::Uuid) {
    counted::forget(app, org);
}

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
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
    /// The keys of the columns that are shown; nothing for the usual ones.
    pub cols: Vec<String>,
    /// Whether somebody is choosing columns.
    pub is_arranged: bool,
    /// The filter, in the words of the form in which a segment's rule is made.
    pub rule: Group,
    /// Whether a button of the filter or of the columns was pressed, which is not to be done again when the page is loaded again.
    pub is_pressed: bool,
    /// What the lines of the filter that are complete mean, and when; nothing without any, or before
    /// [`ListQuery::understand`].
    pub meaning: Option<(Meaning, DateTime<Utc>)>,
}

impl From<Vec<(String, String)>> for ListQuery {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut query = Self::default();
        let (mut of_rule, mut pressed) = (Vec::new(), None);
        for (key, value) in fields {
            match key.as_str() {
                "q" => query.q = value,
                "list" => query.list = value,
                "tag" => query.tag = value,
                "status" => query.status = value,
                "sort" => query.sort = value,
                "dir" => query.dir = value,
                "after" => query.after = value,
                "before" => query.before = value,
                "cols" => query.cols = columns::read(&value),
                "panel" => query.is_arranged = value == "columns",
                "column" => pressed = Some(value),
                _ => of_rule.push((key, value)),
            }
        }
        query.is_pressed = pressed.is_some() || of_rule.iter().any(|(key, _)| key == "do");
        if let Some(button) = pressed {
            query.is_arranged = true;
            columns::press(&mut query.cols, &button);
        }
        if query.cols == columns::USUAL {
            query.cols.clear();
        }
        query.rule = RuleForm::from(of_rule).rule;
        query
    }
}

impl ListQuery {
    /// The view of an address, of which only the part behind the question mark is given.
    pub fn of(address: &str) -> Self {
        Query::try_from_uri(&format!("/?{address}").parse().unwrap_or_default())
            .map_or_else(|_| Self::default(), |Query(query)| query)
    }

    /// Works out what the filter means with what the organization has, and how it is shown; nothing without one.
    pub async fn understand(
        &mut self,
        tx: &mut OrgTx,
        behaviours: Behaviours,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Option<Filter>> {
        if self.rule.rules.is_empty() {
            return Ok(None);
        }
        let catalogue = Catalogue::load(tx, behaviours, now).await?;
        let (rule, meaning, filter) = filter::look(&self.rule, &catalogue);
        (self.rule, self.meaning) = (rule, meaning.map(|meaning| (meaning, now)));
        Ok(Some(filter))
    }

    /// A column that exists; anything else is the newest first.
    pub fn sort(&self) -> Sort {
        Sort::called(&self.sort).unwrap_or(Sort::Added)
    }

    /// The newest come first unless somebody turns it around; names begin with A.
    pub fn is_descending(&self) -> bool {
        if self.sort().begins_at_the_top() { self.dir != "asc" } else { self.dir == "desc" }
    }

    /// Whether a column is asked for by name; the usual ones need not be.
    pub fn shows(&self, start: &str) -> bool {
        self.cols.iter().any(|key| key.starts_with(start))
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
        !self.q.trim().is_empty()
            || self.list().is_some()
            || self.tag().is_some()
            || self.is_archived()
            || self.meaning.is_some()
    }

    /// What is searched for.
    pub fn sought(&self) -> Sought {
        Sought::new(&self.q)
    }

    /// What describes the view, without the place in it: for links and for saving.
    pub fn view(&self) -> String {
        self.with(&self.sort, &self.dir, &self.status)
    }

    /// The view in no order and with no columns of its own.
    pub fn unsorted(&self) -> String {
        Self { cols: Vec::new(), ..self.clone() }.with("", "", &self.status)
    }

    /// The view as the fields of a form, without its columns.
    pub fn fields(&self) -> Vec<(String, String)> {
        let view = Self { cols: Vec::new(), ..self.clone() }.view();
        form_urlencoded::parse(view.as_bytes()).into_owned().collect()
    }

    /// The columns, as its address names them.
    pub fn columns(&self) -> String {
        self.cols.join(",")
    }

    /// The same view with the usual columns.
    pub fn usual(&self) -> String {
        Self { cols: Vec::new(), ..self.clone() }.view()
    }

    /// The same view without its filter.
    pub fn unfiltered(&self) -> String {
        Self { rule: Group::default(), ..self.clone() }.view()
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

    /// The fields of a segment with the filter, the list and the tag of this view.
    pub fn as_segment(&self) -> String {
        let line = |about: &str, is: &str, id: Option<Uuid>| {
            let values = vec![id?.to_string()];
            Some(Rule::Line(Line { about: about.to_owned(), is: is.to_owned(), values }))
        };
        let mut rules: Vec<Rule> = [line("list:", "in", self.list()), line("tag:", "has", self.tag())]
            .into_iter()
            .flatten()
            .collect();
        let rule = match (rules.is_empty(), self.rule.join) {
            (true, _) => self.rule.clone(),
            (false, Join::All) => {
                rules.extend(self.rule.rules.iter().cloned());
                Group { join: Join::All, rules }
            }
            (false, Join::Any | Join::None) => {
                rules.push(Rule::Group(self.rule.clone()));
                Group { join: Join::All, rules }
            }
        };
        form_urlencoded::Serializer::new(String::new()).extend_pairs(rule.fields()).finish()
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
        let sort = Sort::called(sort).map_or("", Sort::key);
        let columns = self.columns();
        let dir = if matches!(dir, "asc" | "desc") { dir } else { "" };
        let status = if status == "archived" { status } else { "" };
        let pairs = [
            ("q", self.q.trim()),
            ("list", &list),
            ("tag", &tag),
            ("status", status),
            ("sort", sort),
            ("dir", dir),
            ("cols", &columns),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.extend_pairs(given).extend_pairs(self.rule.fields()).finish()
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
        assert_eq!(ListQuery::default().sorted_by("lead_score"), "sort=lead_score");
        let scores = ListQuery { sort: "lead_score".into(), ..ListQuery::default() };
        assert_eq!(
            (scores.is_descending(), scores.sorted_by("lead_score").as_str()),
            (true, "sort=lead_score&dir=asc")
        );
    }

    #[test]
    fn columns_stand_in_the_address_unless_they_are_the_usual_ones() {
        let read = |address: &str| {
            ListQuery::from(form_urlencoded::parse(address.as_bytes()).into_owned().collect::<Vec<_>>())
        };
        assert_eq!(read("cols=city,custom.roof&sort=changed").view(), "sort=changed&cols=city%2Ccustom.roof");
        assert_eq!(read("cols=email,company,stage,added,tags&panel=columns").view(), "");
        let pressed = read("cols=city,email&column=up.email");
        assert!(pressed.is_pressed && pressed.is_arranged);
        assert_eq!((pressed.view().as_str(), pressed.unsorted().as_str()), ("cols=email%2Ccity", ""));
    }

    #[test]
    fn a_filter_stands_in_the_address_and_is_read_from_it_again() {
        let typed = "q=a&join.0=any&about.0.0=field%3Acity&is.0.0=is&value.0.0.0=Ulm+%26+Bonn";
        let read = |address: &str| {
            ListQuery::from(form_urlencoded::parse(address.as_bytes()).into_owned().collect::<Vec<_>>())
        };
        assert_eq!(read(typed).view(), typed);
        let pressed = read(&format!("{typed}&do=line.0"));
        assert!(pressed.is_pressed && pressed.rule.lines() == 2);
        assert!(!read(&pressed.view()).is_pressed);
    }
}
