//! What the templates in `templates/admin/mailbox/` are given.

use askama::Template;

use crate::{
    accounts::User,
    admin::list::ListQuery,
    mail::mailbox::{Line, Stored},
    web::{Shell, page::Page},
};

#[derive(Template)]
#[template(path = "admin/mailbox/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub query: ListQuery,
    pub page: Page<Line>,
    /// Whether a mail server is configured.
    pub sends: bool,
    pub reader: User,
}

impl Index {
    fn previous(&self) -> &str {
        self.page.previous.as_deref().unwrap_or_default()
    }

    fn next(&self) -> &str {
        self.page.next.as_deref().unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "admin/mailbox/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub stored: Stored,
    pub headers: Vec<(String, String)>,
    pub sends: bool,
    pub reader: User,
}

impl Show {
    fn can_retry(&self) -> bool {
        self.sends && ["queued", "failed", "kept"].contains(&self.stored.status.as_str())
    }
}

/// How a message stands: a tone and words.
fn state(status: &str) -> (&'static str, &'static str) {
    match status {
        "queued" => ("info", "Waiting"),
        "sent" => ("ok", "Sent"),
        "failed" => ("bad", "Failed"),
        _ => ("plain", "Kept"),
    }
}
