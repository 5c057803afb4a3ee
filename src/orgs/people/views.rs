//! What the template `templates/orgs/people/index.html` is given.

use askama::Template;

use super::{
    Person,
    list::{ListQuery, SORTS},
    queries::Member,
};
use crate::{
    accounts::User,
    orgs::{EditMembers, saved_views::Tab},
    tenancy,
    web::{FieldErrors, Shell, page::Page},
};

/// The list itself, with all that its head, rows and pager need.
pub(super) struct List {
    pub org: String,
    pub path: String,
    pub people: Vec<Person>,
    pub previous: String,
    pub next: String,
    pub count: i64,
    pub query: ListQuery,
    pub may_edit: bool,
    pub me: User,
}

impl List {
    pub(super) fn new(member: &tenancy::Member, page: Page<Person>, count: i64, query: ListQuery) -> Self {
        Self {
            org: member.access.slug.clone(),
            path: member.link("/people"),
            people: page.rows,
            previous: page.previous.unwrap_or_default(),
            next: page.next.unwrap_or_default(),
            count,
            query,
            may_edit: member.may::<EditMembers>(),
            me: member.user.clone(),
        }
    }

    pub(super) fn columns(&self) -> &'static [(&'static str, &'static str)] {
        SORTS
    }

    /// The address of the list with another query.
    pub(super) fn at(&self, query: &str) -> String {
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The statuses to filter by: value, words.
    pub(super) fn statuses(&self) -> [(&'static str, &'static str); 4] {
        [("", "Everybody"), ("active", "Can enter"), ("pending", "Invited"), ("inactive", "Shut out")]
    }

    pub(super) fn joined(&self, person: &Person) -> String {
        self.me.date(person.joined_at)
    }

    pub(super) fn standing(&self, person: &Person) -> (&'static str, &'static str) {
        match person.status.as_str() {
            "active" => ("ok", "Can enter"),
            "pending" => ("info", "Invited"),
            _ => ("plain", "Shut out"),
        }
    }
}

#[derive(Template)]
#[template(path = "orgs/people/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
    pub tabs: Vec<Tab>,
}

/// The list alone: after sorting, filtering or a change.
#[derive(Template)]
#[template(path = "orgs/people/index.html", block = "rows")]
pub(super) struct Rows {
    pub list: List,
}

/// The page about one person.
#[derive(Template)]
#[template(path = "orgs/people/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub org: String,
    pub person: Member,
    pub role_name: String,
    pub joined: String,
    /// The roles that this person may be given: id, name. Empty when it is not for the one who looks to say.
    pub roles: Vec<(String, String)>,
    /// Why nothing can be changed here; empty when it can.
    pub closed: String,
    pub role: String,
    pub errors: FieldErrors,
}
