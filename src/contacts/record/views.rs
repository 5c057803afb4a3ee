//! What the templates of one person are given.

use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    accounts::user::initials,
    contacts::{
        EditContacts, ProtectContacts,
        addresses::Address,
        beside::Card,
        companies::assigning::Works,
        consent::{Said, Standing},
        contact::{Contact, ContactForm, FIELDS, Field, LEAD_STATUSES, STAGES, stage_words},
        duplicates::Pair,
        fields::{Kind, OwnField, order},
        identities::{Holder, Identity, KINDS},
        merging::Merge,
        notes::Note,
        record::Trouble,
        standing::{self, FACTS},
        table::Neighbours,
        tags::Worn,
    },
    events::timeline::{Line, THEMES, Theme},
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// What is known of somebody.
pub(super) struct Known {
    pub contact: Contact,
    pub own: Vec<OwnField>,
    /// The lists they are in: id and name.
    pub lists: Vec<(Uuid, String)>,
    pub tags: Vec<Worn>,
    /// The names of all tags, for choosing one.
    pub offered: Vec<String>,
    pub standing: Standing,
    /// What was said by who became part of them: it is told, and does not count by itself.
    pub said_before: Vec<Said>,
    /// Who became part of them.
    pub merges: Vec<Merge>,
    /// Who may be the same.
    pub alike: Vec<Pair>,
    pub notes: Vec<Note>,
    pub identities: Vec<Identity>,
    pub addresses: Vec<Address>,
    pub works: Works,
    /// Who can own a contact: id and name.
    pub members: Vec<(String, String)>,
    /// What other domains show here.
    pub beside: Vec<Card>,
    pub timeline: Vec<Line>,
    pub has_older: bool,
    /// Who stands beside them in the list that one came from.
    pub neighbours: Option<Neighbours>,
    pub trouble: Trouble,
}

/// Something that says where they stand: what it is, its words, and what can be chosen.
struct Place {
    key: &'static str,
    label: &'static str,
    words: String,
    chosen: String,
    choices: Vec<(String, String)>,
}

/// A value of an own field on the page: its label, its words, and where it leads.
struct Fact {
    label: String,
    words: String,
    way: String,
}

#[derive(Template)]
#[template(path = "contacts/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    known: Known,
    may_edit: bool,
    may_protect: bool,
    member: Member,
}

impl Show {
    pub(super) fn new(shell: Shell, member: &Member, known: Known) -> Self {
        let path = member.link("/contacts");
        Self {
            shell,
            path,
            known,
            may_edit: member.may::<EditContacts>(),
            may_protect: member.may::<ProtectContacts>(),
            member: member.clone(),
        }
    }

    /// What is known, field by field: label and value; what is empty is left out.
    fn facts(&self) -> Vec<(&str, &str)> {
        let contact = &self.known.contact;
        let standard = FIELDS.iter().map(|field| (field.label, contact.value(field.key)));
        let source = [("Came by", contact.source.as_str())];
        standard.chain(source).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The organization's own fields that hold something, under the words of their group.
    fn groups(&self) -> Vec<(&str, Vec<Fact>)> {
        let of_group = |group| (group, self.facts_of(group));
        let groups = order::groups(&self.known.own).into_iter().map(of_group);
        groups.filter(|(_, facts)| !facts.is_empty()).collect()
    }

    fn facts_of(&self, group: &str) -> Vec<Fact> {
        let fields = self.known.own.iter().filter(|field| field.group == group);
        let fact = |field: &OwnField| {
            let value = self.known.contact.custom.get(&field.key)?;
            let words = match field.kind {
                Kind::Date => self.day(&field.words(value)),
                _ => field.words(value),
            };
            let way = match field.kind {
                Kind::Url => words.clone(),
                Kind::Email => format!("mailto:{words}"),
                Kind::Phone => format!("tel:{}", words.replace(' ', "")),
                _ => String::new(),
            };
            Some(Fact { label: field.label.clone(), words, way })
        };
        fields.filter_map(fact).collect()
    }

    /// A day as whoever looks at it writes one.
    fn day(&self, kept: &str) -> String {
        let noon = chrono::NaiveDate::parse_from_str(kept, "%Y-%m-%d")
            .ok()
            .and_then(|day| day.and_hms_opt(12, 0, 0));
        noon.map_or_else(|| kept.to_owned(), |noon| self.member.user.in_zone("UTC").date(noon.and_utc()))
    }

    /// Where they stand and who looks after them.
    fn places(&self) -> Vec<Place> {
        let contact = &self.known.contact;
        let place = |fact: standing::Fact| {
            let (chosen, choices) = (fact.of(contact), fact.choices(&self.known.members));
            let words = choices.iter().find(|(key, _)| *key == chosen).map(|(_, words)| words.clone());
            // An owner who was shut out is no choice, and still the owner.
            let words = words.or_else(|| contact.owner.clone()).unwrap_or_default();
            Place { key: fact.key(), label: fact.label(), words, chosen, choices }
        };
        FACTS.map(place).into_iter().collect()
    }

    /// Who wrote a note changes it.
    fn is_mine(&self, note: &Note) -> bool {
        self.may_edit && note.author_id == self.member.user.id.0
    }

    fn identity_kinds(&self) -> Vec<(&'static str, &'static str)> {
        KINDS.map(|kind| (kind.key(), kind.label())).to_vec()
    }

    fn themes(&self) -> &'static [Theme] {
        THEMES
    }

    fn shows(&self, key: &str) -> bool {
        Theme::called(&self.known.trouble.query.show).map_or("", |theme| theme.key) == key
    }

    /// The query part of this page's address with another theme; empty for the plain page.
    fn showing(&self, theme: &str) -> String {
        let show = if theme.is_empty() { String::new() } else { format!("show={theme}") };
        let from = self.known.neighbours.as_ref().map(Neighbours::from).unwrap_or_default();
        [show, from].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
    }

    /// The same, for what is older.
    fn older(&self) -> String {
        let theme = Theme::called(&self.known.trouble.query.show).map_or("", |theme| theme.key);
        let rest = self.showing(theme);
        let and = if rest.is_empty() { "" } else { "&" };
        format!("before={}{and}{rest}", self.oldest())
    }

    /// The list that one came from, or every contact.
    fn list(&self) -> String {
        let view = self.known.neighbours.as_ref().map_or("", |all| all.view.as_str());
        if view.is_empty() { self.path.clone() } else { format!("{}?{view}", self.path) }
    }

    fn companies(&self) -> String {
        self.member.link("/companies")
    }

    fn initials(&self) -> String {
        initials(&self.known.contact.name())
    }

    fn stage(&self) -> &str {
        stage_words(&self.known.contact.lifecycle_stage)
    }

    fn when(&self, at: DateTime<Utc>) -> String {
        self.member.user.date_and_time(at)
    }

    /// Where a line leads for who looks at it; nowhere where they may not go.
    fn way(&self, line: &Line) -> Option<String> {
        let leads = !line.told.path.is_empty() && self.member.holds(line.told.needs);
        leads.then(|| self.member.link(&line.told.path))
    }

    fn oldest(&self) -> String {
        self.known
            .timeline
            .last()
            .map_or_else(String::new, |line| line.occurred_at.to_rfc3339().replace('+', "%2B"))
    }
}

#[derive(Template)]
#[template(path = "contacts/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub path: String,
    /// Who is changed: id and name. None for somebody new.
    pub contact: Option<(Uuid, String)>,
    pub own: Vec<OwnField>,
    pub form: ContactForm,
    pub errors: FieldErrors,
    /// Who else is known by what was typed.
    pub holders: Vec<Holder>,
}

impl Edit {
    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn stages(&self) -> &'static [(&'static str, &'static str)] {
        STAGES
    }

    fn stage(&self) -> &str {
        match self.form.of_field("stage") {
            "" => "lead",
            stage => stage,
        }
    }

    fn statuses(&self) -> &'static [(&'static str, &'static str)] {
        LEAD_STATUSES
    }

    /// The organization's own fields, group by group.
    fn groups(&self) -> Vec<(&str, Vec<OwnInput<'_>>)> {
        let inputs = |group: &str| {
            self.own.iter().filter(|one| one.group == group).map(|one| self.input(one)).collect()
        };
        order::groups(&self.own).into_iter().map(|group| (group, inputs(group))).collect()
    }

    fn input<'a>(&'a self, field: &'a OwnField) -> OwnInput<'a> {
        let name = field.input();
        let (value, error) = (self.form.of_field(&name), self.errors.of(&name));
        OwnInput { value, error, field, name }
    }

    /// Where the form is sent.
    fn action(&self) -> String {
        self.contact.as_ref().map_or_else(|| self.path.clone(), |(id, _)| format!("{}/{id}", self.path))
    }

    fn kind(&self, field: &Field) -> &'static str {
        match field.key {
            "email" => "email",
            "phone" => "tel",
            _ => "text",
        }
    }
}

/// A field of the organization's own on the form.
struct OwnInput<'a> {
    name: String,
    value: &'a str,
    error: &'a str,
    field: &'a OwnField,
}

impl OwnInput<'_> {
    /// How it is asked for: `select`, `checks`, or the type of an input.
    fn how(&self) -> &'static str {
        match self.field.kind {
            Kind::Boolean | Kind::Choice | Kind::User => "select",
            Kind::Choices => "checks",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Email => "email",
            Kind::Phone => "tel",
            Kind::Text | Kind::Number | Kind::Money | Kind::Url => "text",
        }
    }

    /// The keyboard that fits.
    fn keyboard(&self) -> &'static str {
        match self.field.kind {
            Kind::Number | Kind::Money => "decimal",
            Kind::Url => "url",
            _ => "",
        }
    }

    fn hint(&self) -> String {
        let of_kind = match self.field.kind {
            Kind::Money => format!("In {}.", self.field.currency()),
            _ => String::new(),
        };
        let parts = [self.field.help.as_str(), of_kind.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What can be chosen: value, label, and whether it is. What was taken away is there for who has it.
    fn options(&self) -> Vec<(&str, &str, bool)> {
        if self.field.kind == Kind::Boolean {
            return vec![("yes", "Yes", self.value == "yes"), ("no", "No", self.value == "no")];
        }
        let is_chosen = |key: &str| self.value.lines().any(|line| line == key);
        let options = self.field.options.iter().map(|one| (one, is_chosen(&one.key)));
        let shown = options.filter(|(one, is_chosen)| !one.is_gone || *is_chosen);
        shown.map(|(one, is_chosen)| (one.key.as_str(), one.label.as_str(), is_chosen)).collect()
    }
}
