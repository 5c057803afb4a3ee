//! What the template `templates/campaigns/draft.html` is given.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Draft, DraftForm, Known, Part};
use crate::{
    accounts::User,
    campaigns::{
        Broadcast,
        checks::{self, Check, Facts, Level},
    },
    designs::merge::Problem,
    numbers,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "campaigns/draft.html", blocks = ["checklist"])]
pub(super) struct Checklist {
    pub shell: Shell,
    pub path: String,
    /// The address of the workspace.
    pub workspace: String,
    pub broadcast: Broadcast,
    pub draft: Draft,
    pub form: DraftForm,
    pub known: Known,
    pub facts: Facts,
    pub checks: Vec<Check>,
    pub may_edit: bool,
    pub may_send: bool,
    pub me: User,
    pub open: Option<Part>,
    pub errors: FieldErrors,
    pub is_conflict: bool,
}

/// One row of the checklist.
pub(super) struct Row {
    pub key: &'static str,
    pub title: &'static str,
    pub words: String,
    pub is_done: bool,
    pub is_open: bool,
}

impl Checklist {
    fn rows(&self) -> Vec<Row> {
        let content = self.facts.content.as_ref();
        let is_fine = content.is_some_and(|content| !content.problems.iter().any(Problem::is_error));
        let is_said = !self.draft.subject.is_empty() && !self.facts.said.iter().any(Problem::is_error);
        let sender = self.facts.sender.clone().unwrap_or_else(|| "Nobody is chosen yet".to_owned());
        let has_people = self.facts.is_chosen && self.facts.audience.gets() > 0;
        vec![
            self.row(Part::Audience, "To", self.audience(), has_people),
            self.row(Part::Sender, "From", sender, self.facts.sender.is_some()),
            self.row(Part::Subject, "Subject", self.subject(), is_said),
            self.row(Part::Content, "Content", self.content(), is_fine),
            self.row(Part::Time, "Time", self.time(), true),
            self.row(Part::Tracking, "Tracking", self.tracking().to_owned(), true),
        ]
    }

    fn row(&self, part: Part, title: &'static str, words: String, is_done: bool) -> Row {
        Row { key: part.key(), title, words, is_done, is_open: self.open == Some(part) }
    }

    fn audience(&self) -> String {
        if !self.facts.is_chosen {
            return "Nobody is chosen yet".to_owned();
        }
        let names = |ids: &[uuid::Uuid]| {
            let name = |id: &uuid::Uuid| {
                let known = self.known.lists.iter().find(|(known, _)| *known == id.to_string());
                known.map_or_else(|| "a list that was put away".to_owned(), |(_, name)| format!("“{name}”"))
            };
            ids.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        let mut words = match self.draft.to_everybody {
            true => "Everybody".to_owned(),
            false => format!("Whoever is in {}", names(&self.draft.include)),
        };
        if !self.draft.exclude.is_empty() {
            words += &format!(", without {}", names(&self.draft.exclude));
        }
        words + &format!(": {}", self.people())
    }

    /// How many get it, and how many do not.
    fn people(&self) -> String {
        let audience = self.facts.audience;
        let gets = numbers::people(audience.gets());
        match audience.left_out() {
            0 => gets,
            left_out => format!("{gets}, {} left out ({})", numbers::grouped(left_out), audience.reasons()),
        }
    }

    fn subject(&self) -> String {
        let subject = &self.draft.subject;
        match checks::shown(subject) {
            0 => "Nothing is written yet".to_owned(),
            length if self.draft.preview_text.is_empty() => {
                format!("“{subject}” · {length} characters · no preview text yet")
            }
            length => format!("“{subject}” · {length} characters · “{}”", self.draft.preview_text),
        }
    }

    fn content(&self) -> String {
        match &self.facts.content {
            None => "No design is chosen yet".to_owned(),
            Some(content) => format!("“{}” · {} KB", content.name, content.bytes.div_ceil(1024)),
        }
    }

    fn time(&self) -> String {
        match self.draft.begins_at {
            None => "As soon as you say so".to_owned(),
            Some(at) => self.at(at),
        }
    }

    /// In the time zone of the workspace, which is named.
    fn at(&self, at: DateTime<Utc>) -> String {
        let zone = self.known.zone;
        let there = self.me.in_zone(zone.name());
        format!("{} ({})", there.date_and_time(at), self.zone())
    }

    fn zone(&self) -> String {
        let zone: Tz = self.known.zone;
        zone.name().replace('_', " ")
    }

    fn tracking(&self) -> &'static str {
        match (self.draft.track_opens, self.draft.track_clicks) {
            (true, true) => "Opens and clicks are counted",
            (true, false) => "Opens are counted",
            (false, true) => "Clicks are counted",
            (false, false) => "Nothing is counted",
        }
    }

    fn count(&self, level: Level) -> usize {
        self.checks.iter().filter(|check| check.level == level).count()
    }

    fn stops(&self) -> usize {
        self.count(Level::Stops)
    }

    /// The tone and the words of the badge over the checks.
    fn verdict(&self) -> (&'static str, String) {
        match (self.stops(), self.count(Level::Warns)) {
            (0, 0) => ("ok", "Ready".to_owned()),
            (0, look) => ("ok", format!("Ready, {look} to look at")),
            (fix, 0) => ("bad", format!("{fix} to do")),
            (fix, look) => ("bad", format!("{fix} to do, {look} to look at")),
        }
    }

    fn topics(&self) -> Vec<(String, String)> {
        let mut topics = vec![(String::new(), "No topic in particular".to_owned())];
        topics.extend(self.known.topics.iter().cloned());
        topics
    }

    fn senders(&self) -> Vec<(String, String)> {
        let mut senders = vec![(String::new(), "Choose a sender".to_owned())];
        senders.extend(self.known.senders.iter().cloned());
        senders
    }

    fn is_included(&self, id: &str) -> bool {
        self.form.include.iter().any(|typed| typed == id)
    }

    fn is_excluded(&self, id: &str) -> bool {
        self.form.exclude.iter().any(|typed| typed == id)
    }

    fn may_edit_senders(&self) -> bool {
        self.shell.settings.iter().any(|item| item.key == "sending")
    }

    fn rev(&self) -> i64 {
        self.broadcast.rev
    }

    fn is_stop(&self, check: &Check) -> bool {
        check.level == Level::Stops
    }

    fn is_warning(&self, check: &Check) -> bool {
        check.level == Level::Warns
    }
}
