//! What the template `templates/deals/show.html` is given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    Passage, Trouble,
    facts::{FACTS, FactForm},
};
use crate::{
    contacts::found::Found,
    deals::{
        Deal, EditDeals,
        deal::span,
        notes::Note,
        on_day,
        people::Person,
        pipelines::{Kind, Pipeline, Stage},
    },
    money::CURRENCIES,
    tenancy::Member,
    web::Shell,
};

/// What is known of a deal.
pub(super) struct Known {
    pub deal: Deal,
    pub pipeline: Pipeline,
    pub people: Vec<Person>,
    /// Contacts who match what was looked for.
    pub found: Vec<Found>,
    pub notes: Vec<Note>,
    pub history: Vec<Passage>,
    pub owners: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "deals/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    deals: String,
    contacts: String,
    known: Known,
    trouble: Trouble,
    /// Whether it can be changed: by whom looks, and because it is not archived.
    may_edit: bool,
    may_restore: bool,
    now: DateTime<Utc>,
    member: Member,
}

impl Show {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        known: Known,
        (trouble, now): (Trouble, DateTime<Utc>),
    ) -> Self {
        let holds = member.may::<EditDeals>();
        let is_archived = known.deal.archived_at.is_some();
        Self {
            shell,
            path: member.link(&format!("/deals/{}", known.deal.id)),
            deals: member.link("/deals"),
            contacts: if member.holds("contacts.view") { member.link("/contacts") } else { String::new() },
            may_edit: holds && !is_archived,
            may_restore: holds && is_archived,
            known,
            trouble,
            now,
            member: member.clone(),
        }
    }

    fn deal(&self) -> &Deal {
        &self.known.deal
    }

    /// What can be changed: key, words, and how it stands.
    fn facts(&self) -> Vec<(&'static str, &'static str, String)> {
        FACTS.iter().map(|(key, words)| (*key, *words, self.fact(key))).collect()
    }

    fn fact(&self, key: &str) -> String {
        let deal = self.deal();
        match key {
            "name" => deal.name.clone(),
            "value" => deal.value().words(),
            "probability" => match deal.probability.filter(|_| deal.kind == Kind::Open) {
                Some(own) => format!("{own} % (the stage says {} %)", deal.stage_probability),
                None => format!("{} %, as the stage says", deal.chance()),
            },
            "close" => deal.expected_close_on.map_or_else(String::new, |day| on_day(&self.member.user, day)),
            "owner" => deal.owner.clone().unwrap_or_default(),
            _ => deal.source.clone(),
        }
    }

    fn typed(&self) -> FactForm {
        let deal = self.deal();
        if FACTS.iter().any(|(key, _)| *key == self.trouble.open) {
            return self.trouble.typed.clone();
        }
        FactForm {
            name: deal.name.clone(),
            value: deal.value().plain(),
            currency: deal.currency.clone(),
            probability: deal.probability.map(|own| own.to_string()).unwrap_or_default(),
            close: deal.expected_close_on.map(|day| day.to_string()).unwrap_or_default(),
            owner: deal.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            source: deal.source.clone(),
        }
    }

    fn is_open(&self, part: &str) -> bool {
        self.trouble.open == part
    }

    fn error(&self, part: &str, field: &str) -> &str {
        if self.is_open(part) { self.trouble.errors.of(field) } else { "" }
    }

    fn people_choices(&self) -> Vec<(String, String)> {
        let nobody = (String::new(), "Nobody".to_owned());
        std::iter::once(nobody).chain(self.known.owners.iter().cloned()).collect()
    }

    fn currencies(&self) -> &'static [&'static str] {
        CURRENCIES
    }

    /// The open stages that it can be in.
    fn open_stages(&self) -> Vec<&Stage> {
        self.known.pipeline.of_kind(Kind::Open).collect()
    }

    fn won(&self) -> Option<&Stage> {
        self.known.pipeline.of_kind(Kind::Won).next()
    }

    fn is_over(&self) -> bool {
        self.deal().kind != Kind::Open
    }

    fn is_lost(&self) -> bool {
        self.deal().kind == Kind::Lost
    }

    fn rots(&self) -> bool {
        self.deal().archived_at.is_none() && self.deal().rots(self.now)
    }

    fn age(&self) -> String {
        span(self.now - self.deal().stage_since)
    }

    fn stayed(&self, passage: &Passage) -> String {
        span(passage.stayed)
    }

    fn when(&self, at: DateTime<Utc>) -> String {
        self.member.user.date_and_time(at)
    }

    fn is_mine(&self, note: &Note) -> bool {
        self.may_edit && note.author_id == self.member.user.id.0
    }

    fn is_trouble(&self, note: &Note) -> bool {
        self.is_open(&note.id.to_string())
    }

    fn body<'a>(&'a self, note: &'a Note) -> &'a str {
        if self.is_trouble(note) { &self.trouble.note } else { &note.body }
    }
}
