//! What the templates of one person are given.

use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    accounts::user::initials,
    contacts::{
        EditContacts,
        beside::Card,
        consent::Standing,
        contact::{Contact, ContactForm, FIELDS, Field, OwnField, STAGES, stage_words},
    },
    events::timeline::Line,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// What is known of somebody.
pub(super) struct Known {
    pub contact: Contact,
    pub own: Vec<OwnField>,
    /// The lists they are in: id and name.
    pub lists: Vec<(Uuid, String)>,
    pub standing: Standing,
    /// What other domains show here.
    pub beside: Vec<Card>,
    pub timeline: Vec<Line>,
    pub has_older: bool,
}

#[derive(Template)]
#[template(path = "contacts/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    known: Known,
    may_edit: bool,
    member: Member,
}

impl Show {
    pub(super) fn new(shell: Shell, member: &Member, known: Known) -> Self {
        let path = member.link("/contacts");
        Self { shell, path, known, may_edit: member.may::<EditContacts>(), member: member.clone() }
    }

    /// What is known, field by field: label and value; what is empty is left out.
    fn facts(&self) -> Vec<(&str, &str)> {
        let contact = &self.known.contact;
        let standard = FIELDS.iter().map(|field| (field.label, contact.value(field.key)));
        let own = self.known.own.iter().map(|one| (one.label.as_str(), contact.custom(&one.key)));
        let source = [("Came by", contact.source.as_str())];
        standard.chain(own).chain(source).filter(|(_, value)| !value.is_empty()).collect()
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

    /// The organization's own fields: name in the form, label, value, error.
    fn own_inputs(&self) -> Vec<(String, &str, &str, &str)> {
        let input = |one: &'_ OwnField| format!("custom.{}", one.key);
        self.own
            .iter()
            .map(|one| {
                let name = input(one);
                let (value, error) = (self.form.of_field(&name), self.errors.of(&name));
                (name, one.label.as_str(), value, error)
            })
            .collect()
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
