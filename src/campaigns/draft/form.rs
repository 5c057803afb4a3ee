//! What is typed into a part of the checklist, and what it means.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    designs::merge::{self, MergeFields},
    web::FieldErrors,
};

/// A part of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Name,
    Audience,
    Sender,
    Subject,
    Content,
    Time,
    Tracking,
}

const PARTS: &[(&str, Part)] = &[
    ("name", Part::Name),
    ("audience", Part::Audience),
    ("sender", Part::Sender),
    ("subject", Part::Subject),
    ("content", Part::Content),
    ("time", Part::Time),
    ("tracking", Part::Tracking),
];

impl Part {
    pub fn of(key: &str) -> Option<Self> {
        PARTS.iter().find(|(known, _)| *known == key).map(|(_, part)| *part)
    }

    pub fn key(self) -> &'static str {
        PARTS.iter().find(|(_, part)| *part == self).map_or("", |(key, _)| key)
    }
}

/// A campaign as it is so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    pub name: String,
    pub to_everybody: bool,
    pub include: Vec<Uuid>,
    pub exclude: Vec<Uuid>,
    pub topic: Option<Uuid>,
    pub sender: Option<Uuid>,
    pub subject: String,
    pub preview_text: String,
    pub design: Option<Uuid>,
    /// None for as soon as somebody says so.
    pub begins_at: Option<DateTime<Utc>>,
    pub track_opens: bool,
    pub track_clicks: bool,
}

/// What can be chosen: ids and names.
pub struct Known {
    pub lists: Vec<(String, String)>,
    pub topics: Vec<(String, String)>,
    pub senders: Vec<(String, String)>,
    pub designs: Vec<(String, String)>,
    pub fields: MergeFields,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

/// As it is typed: the fields of one part, and those of the others empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    /// The state that was looked at.
    pub rev: i64,
    pub name: String,
    /// `everybody` or `lists`.
    pub whom: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub topic: String,
    pub sender: String,
    pub subject: String,
    pub preview_text: String,
    pub design: String,
    /// `now` or `later`.
    pub when: String,
    /// In the workspace's time zone.
    pub begins: String,
    pub track_opens: String,
    pub track_clicks: String,
}

/// As a field of the kind `datetime-local` has it.
const MINUTE: &str = "%Y-%m-%dT%H:%M";

impl DraftForm {
    pub fn of(draft: &Draft, rev: i64, zone: Tz) -> Self {
        let id = |id: &Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let ids = |all: &[Uuid]| all.iter().map(ToString::to_string).collect();
        let tick = |is_on: bool| if is_on { "on".to_owned() } else { String::new() };
        let is_chosen = draft.to_everybody || !draft.include.is_empty();
        Self {
            rev,
            name: draft.name.clone(),
            whom: if draft.to_everybody || !is_chosen { "everybody" } else { "lists" }.to_owned(),
            include: ids(&draft.include),
            exclude: ids(&draft.exclude),
            topic: id(&draft.topic),
            sender: id(&draft.sender),
            subject: draft.subject.clone(),
            preview_text: draft.preview_text.clone(),
            design: id(&draft.design),
            when: if draft.begins_at.is_some() { "later" } else { "now" }.to_owned(),
            begins: draft
                .begins_at
                .map_or_else(String::new, |at| at.with_timezone(&zone).format(MINUTE).to_string()),
            track_opens: tick(draft.track_opens),
            track_clicks: tick(draft.track_clicks),
        }
    }

    /// The draft with this part of the form in it, or what to tell whoever typed it.
    pub fn check(&self, part: Part, before: &Draft, known: &Known) -> Result<Draft, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut draft = before.clone();
        match part {
            Part::Name => draft.name = checked_name(&self.name, &mut errors),
            Part::Audience => self.audience(&mut draft, known, &mut errors),
            Part::Sender => draft.sender = one_of(&self.sender, &known.senders, "sender", &mut errors),
            Part::Subject => self.words(&mut draft, known, &mut errors),
            Part::Content => draft.design = one_of(&self.design, &known.designs, "design", &mut errors),
            Part::Time => self.time(&mut draft, known, &mut errors),
            Part::Tracking => {
                (draft.track_opens, draft.track_clicks) =
                    (self.track_opens == "on", self.track_clicks == "on");
            }
        }
        errors.into_result()?;
        Ok(draft)
    }

    fn audience(&self, draft: &mut Draft, known: &Known, errors: &mut FieldErrors) {
        let many = |typed: &[String], field: &str, errors: &mut FieldErrors| {
            let ids: Vec<Uuid> =
                typed.iter().filter_map(|id| one_of(id, &known.lists, field, errors)).collect();
            ids
        };
        draft.to_everybody = self.whom == "everybody";
        draft.include = if draft.to_everybody { Vec::new() } else { many(&self.include, "include", errors) };
        draft.exclude = many(&self.exclude, "exclude", errors);
        draft.topic = one_of(&self.topic, &known.topics, "topic", errors);
        if !draft.to_everybody && draft.include.is_empty() {
            errors.add("include", "Choose at least one list, or everybody.");
        }
        if draft.exclude.iter().any(|id| draft.include.contains(id)) {
            errors.add("exclude", "A list cannot be both: whoever is left out gets nothing.");
        }
    }

    fn words(&self, draft: &mut Draft, known: &Known, errors: &mut FieldErrors) {
        let line = |typed: &str| typed.split_whitespace().collect::<Vec<_>>().join(" ");
        (draft.subject, draft.preview_text) = (line(&self.subject), line(&self.preview_text));
        if draft.subject.is_empty() {
            errors.add("subject", "Write a subject: nobody opens a mail without one.");
        }
        for (field, text) in [("subject", &draft.subject), ("preview_text", &draft.preview_text)] {
            if text.chars().count() > 500 {
                errors.add(field, "Please keep this under 500 characters.");
            }
            let problems = merge::check(text, &known.fields).err().unwrap_or_default();
            if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
                errors.add(field, &problem.what);
            }
        }
    }

    fn time(&self, draft: &mut Draft, known: &Known, errors: &mut FieldErrors) {
        draft.begins_at = None;
        if self.when != "later" {
            return;
        }
        let typed = self.begins.trim();
        let Ok(local) = NaiveDateTime::parse_from_str(typed.get(..16).unwrap_or(typed), MINUTE) else {
            errors.add("begins", "Choose a date and a time.");
            return;
        };
        match known.zone.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc)) {
            None => errors.add("begins", "The clocks skip that time on that day. Choose another."),
            Some(at) if at <= known.now => errors.add("begins", "That time is over. Choose a later one."),
            Some(at) => draft.begins_at = Some(at),
        }
    }

    /// The whole form, with what was typed into this part.
    pub fn with(self, part: Part, typed: Self) -> Self {
        let rev = self.rev;
        match part {
            Part::Name => Self { name: typed.name, ..self },
            Part::Audience => {
                let Self { whom, include, exclude, topic, .. } = typed;
                Self { whom, include, exclude, topic, rev, ..self }
            }
            Part::Sender => Self { sender: typed.sender, ..self },
            Part::Subject => Self { subject: typed.subject, preview_text: typed.preview_text, ..self },
            Part::Content => Self { design: typed.design, ..self },
            Part::Time => Self { when: typed.when, begins: typed.begins, ..self },
            Part::Tracking => {
                Self { track_opens: typed.track_opens, track_clicks: typed.track_clicks, ..self }
            }
        }
    }
}

/// A name that a campaign can have.
pub fn checked_name(typed: &str, errors: &mut FieldErrors) -> String {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 120 || name.contains(char::is_control) {
        errors.add("name", "Give the campaign a name of up to 120 characters.");
    }
    name
}

/// The id that was chosen; empty for none.
fn one_of(typed: &str, known: &[(String, String)], field: &str, errors: &mut FieldErrors) -> Option<Uuid> {
    if typed.is_empty() {
        return None;
    }
    let id = typed.parse::<Uuid>().ok().filter(|id| known.iter().any(|(known, _)| *known == id.to_string()));
    if id.is_none() {
        errors.add(field, "Choose one of the list: what was chosen is not there any more.");
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(now: &str) -> Known {
        Known {
            lists: Vec::new(),
            topics: Vec::new(),
            senders: Vec::new(),
            designs: Vec::new(),
            fields: MergeFields::standard(),
            zone: Tz::America__Denver,
            now: now.parse().unwrap(),
        }
    }

    fn at(begins: &str) -> Result<Option<String>, String> {
        let form = DraftForm { when: "later".into(), begins: begins.into(), ..DraftForm::default() };
        let checked = form.check(Part::Time, &Draft::default(), &known("2026-03-01T00:00:00Z"));
        let draft = checked.map_err(|errors| errors.of("begins").to_owned())?;
        Ok(draft.begins_at.map(|at| at.to_rfc3339()))
    }

    #[test]
    fn a_time_is_one_of_the_workspaces_zone_that_exists_and_is_to_come() {
        assert_eq!(at("2026-03-02T09:00"), Ok(Some("2026-03-02T16:00:00+00:00".into())));
        assert!(at("2026-03-08T02:30").unwrap_err().contains("skip"));
        assert!(at("2026-02-27T09:00").unwrap_err().contains("over"));
        assert!(at("soon").is_err() && at("").is_err());
        // The hour that is there twice: the first of the two.
        assert_eq!(at("2026-11-01T01:30"), Ok(Some("2026-11-01T07:30:00+00:00".into())));
    }

    #[test]
    fn a_subject_may_name_fields_that_exist() {
        let check = |subject: &str| {
            let form = DraftForm { subject: subject.into(), ..DraftForm::default() };
            form.check(Part::Subject, &Draft::default(), &known("2026-03-01T00:00:00Z"))
                .map(|draft| draft.subject)
        };
        assert_eq!(
            check(" Hello\n{{ contact.first_name | default(\"you\") }} ").unwrap(),
            "Hello {{ contact.first_name | default(\"you\") }}"
        );
        assert!(check("{{ contact.shoe }}").is_err() && check("").is_err() && check("{{ oops").is_err());
    }
}
