//! What the templates of exports are given.

use askama::Template;

use super::Export;
use crate::{accounts::User, tenancy::Member, web::Shell};

/// Files with what their pages need.
pub(super) struct List {
    pub path: String,
    pub exports: Vec<Export>,
    me: User,
}

impl List {
    pub(super) fn new(member: &Member, exports: Vec<Export>) -> Self {
        Self { path: member.link("/contacts/exports"), exports, me: member.user.clone() }
    }

    pub(super) fn people(&self) -> &str {
        self.path.trim_end_matches("/exports")
    }

    pub(super) fn ordered(&self, export: &Export) -> String {
        self.me.date_and_time(export.created_at)
    }

    pub(super) fn until(&self, export: &Export) -> String {
        export.expires_at.map(|at| self.me.date_and_time(at)).unwrap_or_default()
    }

    /// "1.2 MB"
    pub(super) fn size(&self, export: &Export) -> String {
        match export.size_bytes {
            bytes @ ..1_000 => format!("{bytes} bytes"),
            bytes @ 1_000..1_000_000 => format!("{} KB", bytes / 1_000),
            bytes => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        }
    }
}

#[derive(Template)]
#[template(path = "contacts/exports/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
}

#[derive(Template)]
#[template(path = "contacts/exports/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub list: List,
    pub export: Export,
}

/// How it stands, while it is written.
#[derive(Template)]
#[template(path = "contacts/exports/show.html", block = "standing")]
pub(super) struct Standing {
    pub list: List,
    pub export: Export,
}
