//! What the templates of `templates/campaigns/mailbox/` are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{PERSONAS, queries::Line};
use crate::{
    accounts::User,
    mail::mailbox::{Reading, Tab},
    web::{Shell, page::Page},
};

/// The list.
#[derive(Template)]
#[template(path = "campaigns/mailbox/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    /// The page of the campaign.
    pub path: String,
    pub campaign: String,
    pub q: String,
    pub page: Page<Line>,
    pub me: User,
}

impl Index {
    fn list(&self) -> String {
        format!("{}/mailbox", self.path)
    }

    /// The query of the list without its place.
    fn view(&self) -> String {
        match self.q.as_str() {
            "" => String::new(),
            q => form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish(),
        }
    }

    fn previous(&self) -> &str {
        self.page.previous.as_deref().unwrap_or_default()
    }

    fn next(&self) -> &str {
        self.page.next.as_deref().unwrap_or_default()
    }

    fn when(&self, line: &Line) -> String {
        self.me.date_and_time(line.kept_at)
    }
}

/// One message.
#[derive(Template)]
#[template(path = "campaigns/mailbox/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    /// The list.
    pub path: String,
    /// This page.
    pub here: String,
    pub campaign: String,
    pub recipient: String,
    pub kept_at: DateTime<Utc>,
    pub reading: Reading,
    pub tab: Tab,
    pub me: User,
}

impl Show {
    fn when(&self) -> String {
        self.me.date_and_time(self.kept_at)
    }
}
