//! What the templates in `templates/dev/mailbox/` are given.

use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    queries::{Line, Stored},
    reading::Reading,
};
use crate::web::{Shell, page::Page};

/// The list.
#[derive(Template)]
#[template(path = "dev/mailbox/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub search: String,
    pub page: Page<Line>,
    /// Whether a mail server is configured.
    pub sends: bool,
}

impl Index {
    fn previous(&self) -> &str {
        self.page.previous.as_deref().unwrap_or_default()
    }

    fn next(&self) -> &str {
        self.page.next.as_deref().unwrap_or_default()
    }

    /// The query of the list without its place.
    fn view(&self) -> String {
        if self.search.is_empty() {
            return String::new();
        }
        askama::filters::urlencode(&self.search)
            .map_or_else(|_| String::new(), |search| format!("q={search}"))
    }
}

/// Which side of a message is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Tab {
    #[default]
    Html,
    Text,
    Headers,
    Source,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Html, Self::Text, Self::Headers, Self::Source];

    pub fn key(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
            Self::Headers => "headers",
            Self::Source => "source",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "Text",
            Self::Headers => "Headers",
            Self::Source => "Source",
        }
    }
}

/// One message.
#[derive(Template)]
#[template(path = "dev/mailbox/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub stored: Stored,
    pub reading: Reading,
    pub tab: Tab,
    pub sends: bool,
}

impl Show {
    fn path(&self) -> String {
        format!("/dev/mailbox/{}", self.stored.id)
    }

    fn can_retry(&self) -> bool {
        self.sends && ["queued", "failed", "kept"].contains(&self.stored.status.as_str())
    }

    /// Once a server has taken a message, its body is gone.
    fn has_body(&self) -> bool {
        self.stored.status != "sent"
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

/// A moment, for people who read logs beside it.
fn at(moment: &DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
