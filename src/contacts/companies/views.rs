//! What the templates of companies are given.

use askama::Template;
use uuid::Uuid;

use super::{Company, CompanyForm, SIZES, routes::ListQuery};
use crate::{
    contacts::{EditContacts, beside::Card, contact::words_of},
    tenancy::Member,
    web::{FieldErrors, Shell, page::Page},
};

/// A company as the list shows it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub id: Uuid,
    pub name: String,
    pub domain: String,
    pub industry: String,
    pub city: String,
    pub owner: Option<String>,
    pub people: i64,
    pub sort_name: String,
}

#[derive(Template)]
#[template(path = "contacts/companies/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    path: String,
    rows: Vec<Row>,
    previous: String,
    next: String,
    /// How many there are in all, and how many match.
    counts: (i64, i64),
    query: ListQuery,
    may_edit: bool,
}

impl Index {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        page: Page<Row>,
        (counts, query): ((i64, i64), ListQuery),
    ) -> Self {
        Self {
            shell,
            path: member.link("/companies"),
            rows: page.rows,
            previous: page.previous.unwrap_or_default(),
            next: page.next.unwrap_or_default(),
            counts,
            query,
            may_edit: member.may::<EditContacts>(),
        }
    }

    fn noun(&self) -> &'static str {
        if self.counts.1 == 1 { "company" } else { "companies" }
    }
}

#[derive(Template)]
#[template(path = "contacts/companies/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    contacts: String,
    company: Company,
    people: Vec<(Uuid, String, String)>,
    count: i64,
    beside: Vec<Card>,
    may_edit: bool,
    added: String,
}

impl Show {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        company: Company,
        (people, count): (Vec<(Uuid, String, String)>, i64),
        beside: Vec<Card>,
    ) -> Self {
        Self {
            shell,
            path: member.link("/companies"),
            contacts: member.link("/contacts"),
            added: member.user.date(company.created_at),
            company,
            people,
            count,
            beside,
            may_edit: member.may::<EditContacts>(),
        }
    }

    /// What is known: label and value; what is empty is left out.
    fn facts(&self) -> Vec<(&'static str, &str)> {
        let company = &self.company;
        let size = if company.size.is_empty() { "" } else { words_of(SIZES, &company.size) };
        let all = [
            ("Domain", company.domain.as_str()),
            ("Industry", &company.industry),
            ("People", size),
            ("Phone", &company.phone),
            ("Website", &company.website),
            ("Street", &company.street),
            ("City", &company.city),
            ("State or region", &company.region),
            ("Postal code", &company.postal_code),
            ("Country", &company.country),
            ("Owner", company.owner.as_deref().unwrap_or_default()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

#[derive(Template)]
#[template(path = "contacts/companies/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub path: String,
    /// Which one is changed; none for a new one.
    pub company: Option<Company>,
    /// The name of who works there, where it is made for somebody.
    pub contact: Option<String>,
    pub members: Vec<(String, String)>,
    pub form: CompanyForm,
    pub errors: FieldErrors,
}

impl Edit {
    /// Where the form is sent.
    fn action(&self) -> String {
        self.company.as_ref().map_or_else(|| self.path.clone(), |one| format!("{}/{}", self.path, one.id))
    }

    fn sizes(&self) -> &'static [(&'static str, &'static str)] {
        SIZES
    }

    fn owners(&self) -> Vec<(String, String)> {
        std::iter::once((String::new(), "Nobody".to_owned())).chain(self.members.iter().cloned()).collect()
    }
}
