//! What the template `templates/contacts/index.html` is given.

use std::collections::HashMap;

use askama::Template;
use uuid::Uuid;

use super::{
    ListQuery, Row,
    columns::{Cell, Column},
    queries::MOST,
};
use crate::{
    accounts::User,
    contacts::{
        EditContacts, ExportContacts,
        segments::{filter::Filter, nodes::Shape, rule::Join},
        standing::FACTS,
        tags::Worn,
    },
    numbers,
    orgs::saved_views::Tab,
    tenancy::Member,
    web::{Shell, page::Page},
};

/// What there is besides: lists and tags as id and name, the tags of those on the page, and the filter.
pub(super) struct Known {
    pub lists: Vec<(String, String)>,
    /// Those into which people are put by hand.
    pub by_hand: Vec<(String, String)>,
    pub members: Vec<(String, String)>,
    pub tags: Vec<(String, String)>,
    pub worn: HashMap<Uuid, Vec<Worn>>,
    /// Every column there is.
    pub columns: Vec<Column>,
    pub filter: Option<Filter>,
}

/// The list itself, with all that its head, rows and pager need.
pub(super) struct List {
    pub org: String,
    pub path: String,
    pub contacts: Vec<Row>,
    pub previous: String,
    pub next: String,
    count: i64,
    /// Whether the organization has nobody at all.
    pub is_empty: bool,
    /// The lists there are: id and name.
    pub lists: Vec<(String, String)>,
    /// Those into which people are put by hand.
    pub by_hand: Vec<(String, String)>,
    members: Vec<(String, String)>,
    pub tags: Vec<(String, String)>,
    worn: HashMap<Uuid, Vec<Worn>>,
    /// Those that are shown beside the name, in their order, and those that are not.
    pub columns: Vec<Column>,
    pub others: Vec<Column>,
    /// Nothing while nobody asked for one.
    pub filter: Option<Filter>,
    pub query: ListQuery,
    pub may_edit: bool,
    pub may_export: bool,
    me: User,
}

impl List {
    pub(super) fn new(
        member: &Member,
        page: Page<Row>,
        (count, is_empty): (i64, bool),
        known: Known,
        query: ListQuery,
    ) -> Self {
        let Known { lists, by_hand, members, tags, worn, columns: all, filter } = known;
        let columns = Column::chosen(&all, &query.cols);
        let is_shown = |one: &Column| columns.iter().any(|shown| shown.key == one.key);
        let others = all.into_iter().filter(|one| !is_shown(one)).collect();
        Self {
            org: member.access.slug.clone(),
            path: member.link("/contacts"),
            contacts: page.rows,
            previous: page.previous.unwrap_or_default(),
            next: page.next.unwrap_or_default(),
            count,
            is_empty,
            lists,
            by_hand,
            members,
            tags,
            worn,
            columns,
            others,
            filter,
            query,
            may_edit: member.may::<EditContacts>(),
            may_export: member.may::<ExportContacts>(),
            me: member.user.clone(),
        }
    }

    /// The form of a segment with what this view asks for; empty when that is nothing a segment knows.
    pub(super) fn as_segment(&self) -> String {
        let rule = self.query.as_segment();
        if rule.is_empty() || !self.may_edit {
            String::new()
        } else {
            format!("{}/segments/look?{rule}", self.path)
        }
    }

    /// What stands in the row of somebody beside their name.
    pub(super) fn cells(&self, row: &Row) -> Vec<Cell> {
        self.columns.iter().map(|column| column.cell(row)).collect()
    }

    /// Whether the columns are other than the usual ones.
    pub(super) fn has_own_columns(&self) -> bool {
        !self.query.cols.is_empty()
    }

    /// What the page of somebody is told of the list that it was opened from.
    pub(super) fn from(&self) -> String {
        super::neighbours::from(&self.query.view())
    }

    /// The address of the list with another query.
    pub(super) fn at(&self, query: &str) -> String {
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// How many there are, in words: not counted to the end when there are very many.
    pub(super) fn count(&self) -> String {
        if self.count > MOST { "more than 100,000".to_owned() } else { numbers::grouped(self.count) }
    }

    /// What several can be given of where they stand: key, words, and the choices.
    pub(super) fn facts(&self) -> Vec<(&'static str, &'static str, Choices)> {
        FACTS.into_iter().map(|fact| (fact.key(), fact.label(), fact.choices(&self.members))).collect()
    }

    pub(super) fn noun(&self) -> &'static str {
        if self.count == 1 { "person" } else { "people" }
    }

    pub(super) fn has_several(&self) -> bool {
        self.count > 1
    }

    pub(super) fn date(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        self.me.date(*at)
    }

    pub(super) fn day(&self, on: &chrono::NaiveDate) -> String {
        self.me.day(*on)
    }

    pub(super) fn time(&self, at: &chrono::NaiveTime) -> String {
        self.me.time(*at)
    }

    /// The tags of somebody: the first few, and how many more there are.
    pub(super) fn worn(&self, row: &Row) -> (&[Worn], usize) {
        let worn = self.worn.get(&row.id).map_or(&[][..], Vec::as_slice);
        let shown = worn.len().min(3);
        (worn.get(..shown).unwrap_or_default(), worn.len() - shown)
    }
}

/// What can be chosen: key and words.
type Choices = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "contacts/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
    pub tabs: Vec<Tab>,
    /// Pairs who may be one person.
    pub duplicates: i64,
}

impl Index {
    fn to_review(&self) -> String {
        match self.duplicates {
            1 => "1 duplicate to review".to_owned(),
            ..=100 => format!("{} duplicates to review", self.duplicates),
            _ => "more than 100 duplicates to review".to_owned(),
        }
    }
}

/// The list with its views and its filter: after sorting, searching or a change.
#[derive(Template)]
#[template(path = "contacts/index.html", block = "people")]
pub(super) struct People {
    pub list: List,
    pub tabs: Vec<Tab>,
}
