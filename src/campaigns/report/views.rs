//! What the templates of `templates/campaigns/report/` are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    chart::{Bar, HEIGHT, WIDTH},
    people::{Asked, Row, What},
    sums::{Cause, FollowedLink, Machines, Sums, share},
    words,
};
use crate::{
    accounts::User,
    campaigns::Broadcast,
    web::{FieldErrors, Shell},
};

/// Everything in numbers.
#[derive(Template)]
#[template(path = "campaigns/report/show.html")]
pub(super) struct Report {
    pub shell: Shell,
    /// The address of the report.
    pub path: String,
    /// The page of the campaign.
    pub campaign: String,
    pub broadcast: Broadcast,
    pub sums: Sums,
    pub machines: Machines,
    pub links: Vec<FollowedLink>,
    pub causes: Vec<Cause>,
    pub bars: Vec<Bar>,
    pub me: User,
}

impl Report {
    /// The numbers that matter: key, what they are called, how many, and of what they are a share.
    fn main(&self) -> [(&'static str, &'static str, i64, String); 4] {
        let Sums { sent, delivered, opened, clicked, unsubscribed, .. } = self.sums;
        let of = |part, whole, words: &str| format!("{} of {words}", share(part, whole));
        [
            ("delivered", "Delivered", delivered, of(delivered, sent, "those sent")),
            ("opened", "Opened", opened, of(opened, delivered, "those delivered")),
            ("clicked", "Clicked", clicked, of(clicked, delivered, "those delivered")),
            ("unsubscribed", "Unsubscribed", unsubscribed, of(unsubscribed, delivered, "those delivered")),
        ]
    }

    /// The others, those of nobody left out.
    fn rest(&self) -> Vec<(&'static str, &'static str, i64)> {
        let Sums { bounced, complained, skipped, failed, unknown, .. } = self.sums;
        let all = [
            ("bounced", "Came back", bounced),
            ("complained", "Called it spam", complained),
            ("skipped", "Left out", skipped),
            ("failed", "Refused by the server", failed),
            ("unknown", "Unknown whether it arrived", unknown),
        ];
        all.into_iter()
            .filter(|(key, _, people)| *people > 0 || *key == "bounced" || *key == "complained")
            .collect()
    }

    fn by_machines(&self) -> String {
        let words = |n: i64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        format!("{} and {}", words(self.machines.opens, "open"), words(self.machines.clicks, "click"))
    }

    fn people(&self, what: &str) -> String {
        format!("{}/people?what={what}", self.path)
    }

    fn of_link(&self, link: &FollowedLink) -> String {
        format!("{}&position={}", self.people("link"), link.position)
    }

    fn of_cause(&self, cause: &Cause) -> String {
        let encoded: String = form_urlencoded::byte_serialize(cause.cause.as_bytes()).collect();
        format!("{}&cause={encoded}", self.people(&cause.what))
    }

    fn cause<'a>(&self, cause: &'a Cause) -> (&'static str, &'a str) {
        match cause.what.as_str() {
            "skipped" => (words::skipped(&cause.cause), "Left out"),
            "failed" => (words::cause(&cause.cause), "Refused by the server"),
            _ => (
                words::cause(&cause.cause),
                if cause.bounce == "hard" { "Came back for good" } else { "Came back this once" },
            ),
        }
    }

    fn share_of_clicks(&self, link: &FollowedLink) -> String {
        share(link.people, self.sums.clicked)
    }

    /// Bars with something to count, for the table.
    fn counted(&self) -> Vec<&Bar> {
        self.bars.iter().filter(|bar| bar.opened + bar.clicked > 0).collect()
    }

    fn bar_time(&self, bar: &Bar) -> String {
        if bar.is_day { self.me.date(bar.from) } else { self.me.date_and_time(bar.from) }
    }

    fn has_days(&self) -> bool {
        self.bars.iter().any(|bar| bar.is_day)
    }

    /// Where the days begin.
    fn days_from(&self) -> i64 {
        self.bars.iter().find(|bar| bar.is_day).map_or(WIDTH, |bar| bar.x - 2)
    }

    fn most(&self) -> i64 {
        self.bars.iter().map(|bar| bar.opened.max(bar.clicked)).max().unwrap_or_default()
    }

    fn size(&self) -> String {
        format!("0 0 {WIDTH} {HEIGHT}")
    }

    fn height(&self) -> i64 {
        HEIGHT
    }

    fn when(&self, at: Option<DateTime<Utc>>) -> String {
        at.map(|at| self.me.date_and_time(at)).unwrap_or_default()
    }

    fn first(&self) -> String {
        self.bars.first().map(|bar| self.bar_time(bar)).unwrap_or_default()
    }

    fn last(&self) -> String {
        self.bars.last().map(|bar| self.bar_time(bar)).unwrap_or_default()
    }
}

/// Whom one of the numbers counts.
#[derive(Template)]
#[template(path = "campaigns/report/people.html")]
pub(super) struct People {
    pub shell: Shell,
    /// The address of the report.
    pub path: String,
    /// The contacts of the workspace.
    pub contacts: String,
    pub campaign: String,
    pub asked: Asked,
    /// The link or the cause that they have in common; empty without one.
    pub common: String,
    pub rows: Vec<Row>,
    pub previous: String,
    pub next: String,
    pub count: i64,
    /// Whether they may be saved as a list.
    pub may_save: bool,
    pub typed_name: String,
    pub errors: FieldErrors,
    pub me: User,
}

impl People {
    fn list(&self) -> String {
        format!("{}/people", self.path)
    }

    fn noun(&self) -> &'static str {
        if self.count == 1 { "person" } else { "people" }
    }

    fn when(&self, row: &Row) -> String {
        row.at.map(|at| self.me.date_and_time(at)).unwrap_or_default()
    }

    fn detail<'a>(&self, row: &'a Row) -> &'a str {
        if self.asked.what == What::Skipped { words::skipped(&row.detail) } else { &row.detail }
    }

    fn has_detail(&self) -> bool {
        matches!(self.asked.what, What::Skipped | What::Bounced | What::Failed)
    }

    fn position(&self) -> String {
        self.asked.position.map(|position| position.to_string()).unwrap_or_default()
    }

    fn cause(&self) -> &str {
        self.asked.cause.as_deref().unwrap_or("")
    }
}
