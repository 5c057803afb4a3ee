//! What the template `templates/campaigns/progress.html` is given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Counts;
use crate::{
    accounts::User,
    campaigns::{Broadcast, Status},
    web::Shell,
};

/// Messages beyond which they are counted less often.
const MANY: i64 = 50_000;

/// How a campaign stands.
pub(super) struct Progress {
    pub path: String,
    /// The workspace's name.
    pub workspace: String,
    pub zone: String,
    pub broadcast: Broadcast,
    pub counts: Counts,
    pub skipped: Vec<(String, i64)>,
    pub may_send: bool,
    pub is_moving: bool,
    /// Whether there is mail in the built-in mailbox that whoever looks may read.
    pub has_mail: bool,
    pub me: User,
    pub now: DateTime<Utc>,
}

impl Progress {
    fn is(&self, status: &str) -> bool {
        let known = match self.broadcast.status {
            Status::Draft => "draft",
            Status::Scheduled => "scheduled",
            Status::Queued => "queued",
            Status::Sending => "sending",
            Status::Paused => "paused",
            Status::Sent => "sent",
            Status::Cancelled => "cancelled",
            Status::Failed => "failed",
        };
        known == status
    }

    /// The list of campaigns.
    fn all(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(all, _)| all)
    }

    /// Seconds between two looks.
    fn every(&self) -> &'static str {
        if self.counts.all() > MANY || self.is("scheduled") { "every 10s" } else { "every 2s" }
    }

    /// Seconds until it begins.
    fn seconds_left(&self) -> i64 {
        self.broadcast.begins_at.map_or(0, |at| (at - self.now).num_seconds().max(0))
    }

    fn begins(&self) -> String {
        self.at(&self.broadcast.begins_at)
    }

    /// In the time zone of the workspace, which is named.
    fn at(&self, at: &Option<DateTime<Utc>>) -> String {
        let there = self.me.in_zone(&self.zone);
        let zone = self.zone.replace('_', " ");
        at.map_or_else(String::new, |at| format!("{} ({zone})", there.date_and_time(at)))
    }

    /// Label and number of everything there is.
    fn numbers(&self) -> Vec<(&'static str, i64)> {
        let counts = self.counts;
        let always = [("Sent", counts.sent), ("Waiting", counts.waiting), ("Failed", counts.failed)];
        let sometimes = [
            ("Nobody knows", counts.unknown),
            ("Opted out meanwhile", counts.suppressed),
            ("Called off", counts.cancelled),
        ];
        always.into_iter().chain(sometimes.into_iter().filter(|(_, count)| *count > 0)).collect()
    }

    /// Why people were left out, and how many.
    fn left_out(&self) -> Vec<(&str, i64)> {
        let words = |reason: &str| match reason {
            "no_address" => "Have no e-mail address",
            "suppressed" => "Are suppressed",
            "opted_out" => "Opted out",
            "paused" => "Paused",
            _ => "Were left out",
        };
        self.skipped.iter().map(|(reason, count)| (words(reason), *count)).collect()
    }

    /// How fast it goes and how long it still takes, in words.
    fn pace(&self) -> String {
        let (lately, waiting) = (self.counts.lately, self.counts.waiting);
        if !self.is("sending") || lately == 0 || waiting == 0 {
            return String::new();
        }
        // Within its first minute it had less than a minute for them.
        let running = self.broadcast.started_at.map_or(60, |at| (self.now - at).num_seconds().clamp(1, 60));
        let left = waiting * running / lately;
        let words = match left {
            0..90 => format!("about {} s left", left.max(1)),
            90..5400 => format!("about {} min left", left / 60),
            _ => format!("about {} h left", left / 3600),
        };
        format!("{} a minute, {words}", lately * 60 / running)
    }

    /// What is asked before it is called off.
    fn warning(&self) -> String {
        let gone = self.counts.sent + self.counts.unknown;
        let already = match gone {
            0 => "Nobody has got it yet.".to_owned(),
            1 => "1 message has left already.".to_owned(),
            many => format!("{many} messages have left already."),
        };
        format!(
            "Call off “{}” in {}? {already} Nothing more is sent, and it cannot go on.",
            self.broadcast.name, self.workspace
        )
    }

    fn can_send_again(&self) -> bool {
        self.counts.unknown > 0 && !self.is("cancelled") && !self.is("failed")
    }
}

#[derive(Template)]
#[template(path = "campaigns/progress.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub progress: Progress,
}

/// How it stands alone, for a page that looks again.
#[derive(Template)]
#[template(path = "campaigns/progress.html", block = "standing")]
pub(super) struct Standing {
    pub progress: Progress,
}
