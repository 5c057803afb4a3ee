//! What the templates in `templates/orgs/clients/` are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    Client,
    access::{Entrant, Reason},
};
use crate::{
    accounts::User,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "orgs/clients/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    pub q: String,
    /// The query of the list without its place.
    pub view: String,
    pub clients: Vec<Client>,
    pub previous: String,
    pub next: String,
    pub count: i64,
    pub may_edit: bool,
    pub me: User,
    pub now: DateTime<Utc>,
}

impl Index {
    pub(super) fn last(&self, client: &Client) -> String {
        client.last_change_at.map(|at| self.me.date(at)).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "orgs/clients/new.html")]
pub(super) struct New {
    pub shell: Shell,
    pub org: String,
    pub typed_name: String,
    pub time_zone: String,
    pub zones: Vec<(String, String)>,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "orgs/clients/invite.html")]
pub(super) struct Invite {
    pub shell: Shell,
    pub org: String,
    pub clients: Vec<Client>,
    /// The slugs that were ticked.
    pub ticked: Vec<String>,
    pub emails: String,
    pub role: String,
    pub roles: Vec<(String, String)>,
    pub errors: FieldErrors,
}

impl Invite {
    pub(super) fn is_ticked(&self, client: &Client) -> bool {
        self.ticked.contains(&client.slug)
    }
}

/// Who can enter a client right now.
#[derive(Template)]
#[template(path = "orgs/clients/access.html")]
pub(super) struct AccessPage {
    pub shell: Shell,
    pub org: String,
    pub client: String,
    pub client_name: String,
    pub entrants: Vec<Line>,
    pub may_edit: bool,
    /// People of the agency who cannot enter: id, name.
    pub others: Vec<(String, String)>,
    /// The roles of the client that this person may give: id, name.
    pub roles: Vec<(String, String)>,
    pub person: String,
    pub role: String,
    pub errors: FieldErrors,
}

/// Somebody who can enter, and whether this person may end that.
pub(super) struct Line {
    pub who: Entrant,
    pub may_end: bool,
}

impl Line {
    pub(super) fn badge(&self) -> (&'static str, &'static str) {
        match self.who.reason {
            Reason::Member => ("plain", "Member"),
            Reason::Assigned => ("info", "Assigned"),
            Reason::ThroughAgency => ("info", "Every client"),
        }
    }
}
