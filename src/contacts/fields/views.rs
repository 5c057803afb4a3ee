//! What the templates of fields are given.

use askama::Template;

use super::{Choice, Kind, OwnField, amount, form::FieldForm, order, retype::Look};
use crate::contacts::uses::Use;
use crate::{
    contacts::EditContacts,
    numbers,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// The words under which fields stand together, for choosing them again.
pub(super) fn groups(fields: &[OwnField]) -> Vec<String> {
    order::groups(fields).into_iter().filter(|group| !group.is_empty()).map(str::to_owned).collect()
}

/// Currencies for choosing one.
fn currencies() -> Vec<(&'static str, &'static str)> {
    amount::currencies().map(|code| (code, code)).collect()
}

/// Fields that stand together.
struct Group {
    name: String,
    fields: Vec<OwnField>,
}

#[derive(Template)]
#[template(path = "contacts/fields/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    path: String,
    groups: Vec<Group>,
    archived: Vec<OwnField>,
    group_names: Vec<String>,
    may_edit: bool,
    form: FieldForm,
    errors: FieldErrors,
}

impl Index {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        fields: Vec<OwnField>,
        (form, errors): (FieldForm, FieldErrors),
    ) -> Self {
        let group_names = groups(&fields);
        let (archived, fields): (Vec<OwnField>, Vec<OwnField>) =
            fields.into_iter().partition(|field| field.archived_at.is_some());
        let groups = order::groups(&fields).into_iter().map(|name| Group {
            name: name.to_owned(),
            fields: fields.iter().filter(|field| field.group == name).cloned().collect(),
        });
        let (groups, path) = (groups.collect(), member.link("/settings/fields"));
        let may_edit = member.may::<EditContacts>();
        Self { shell, path, groups, archived, group_names, may_edit, form, errors }
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::choices()
    }

    fn group_names(&self) -> &[String] {
        &self.group_names
    }

    fn currencies(&self) -> Vec<(&'static str, &'static str)> {
        currencies()
    }

    fn currency(&self) -> &str {
        if self.form.value("currency").is_empty() { "USD" } else { self.form.value("currency") }
    }

    /// What is said of a field under its name.
    fn about(&self, field: &OwnField) -> String {
        let mut parts = vec![field.kind.words().to_owned()];
        match field.kind {
            Kind::Money => parts.push(field.currency().to_owned()),
            Kind::Choice | Kind::Choices => {
                let names: Vec<&str> = field.offered().take(6).map(|option| option.label.as_str()).collect();
                parts.push(format!(
                    "{}{}",
                    names.join(", "),
                    if field.offered().count() > 6 { " …" } else { "" }
                ));
            }
            _ => {}
        }
        if field.is_required {
            parts.push("required".to_owned());
        }
        parts.join(" · ")
    }
}

/// A field with all that is known of it.
pub(super) struct Known {
    pub field: OwnField,
    /// How many have a value.
    pub people: i64,
    pub uses: Vec<Use>,
    pub groups: Vec<String>,
}

#[derive(Template)]
#[template(path = "contacts/fields/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    path: String,
    known: Known,
    form: FieldForm,
    errors: FieldErrors,
    member: Member,
}

impl Show {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        known: Known,
        (form, errors): (FieldForm, FieldErrors),
    ) -> Self {
        let path = member.link("/settings/fields");
        Self { shell, path, known, form, errors, member: member.clone() }
    }

    fn group_names(&self) -> &[String] {
        &self.known.groups
    }

    /// As it is put into a mail.
    fn tag(&self) -> String {
        format!("{{{{ contact.{} }}}}", self.known.field.key)
    }

    fn people(&self) -> String {
        match self.known.people {
            1 => "1 person has a value in it.".to_owned(),
            people => format!("{} have a value in it.", numbers::people(people)),
        }
    }

    fn currencies(&self) -> Vec<(&'static str, &'static str)> {
        currencies()
    }

    fn has_options(&self) -> bool {
        self.known.field.kind.has_options()
    }

    fn is_money(&self) -> bool {
        self.known.field.kind == Kind::Money
    }

    /// The choices on offer: key, name and place as typed.
    fn options(&self) -> Vec<(&str, &str, &str)> {
        let typed = |option: &Choice| {
            let [label, place] =
                ["option", "place"].map(|part| self.form.value(&format!("{part}.{}", option.key)));
            (label, place)
        };
        let offered = self.known.field.offered();
        offered.map(|option| (option.key.as_str(), typed(option).0, typed(option).1)).collect()
    }

    /// Choices that were taken away, for whoever wonders.
    fn gone(&self) -> String {
        let gone = self.known.field.options.iter().filter(|option| option.is_gone && self.has_options());
        gone.map(|option| option.label.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn way(&self, one: &Use) -> Option<String> {
        one.way(&self.member)
    }

    /// The kinds that it could be instead.
    fn other_kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::choices().into_iter().filter(|(key, _)| *key != self.known.field.kind.key()).collect()
    }
}

#[derive(Template)]
#[template(path = "contacts/fields/retype.html")]
pub(super) struct Retype {
    pub shell: Shell,
    pub path: String,
    pub field: OwnField,
    pub look: Option<(Kind, Look)>,
    pub currency: String,
}

impl Retype {
    fn other_kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::choices().into_iter().filter(|(key, _)| *key != self.field.kind.key()).collect()
    }

    fn chosen(&self) -> &'static str {
        self.look.as_ref().map_or("", |(kind, _)| kind.key())
    }

    fn currencies(&self) -> Vec<(&'static str, &'static str)> {
        currencies()
    }

    fn currency(&self) -> &str {
        if self.currency.is_empty() { "USD" } else { &self.currency }
    }

    fn options(&self, look: &Look) -> String {
        look.options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>().join(", ")
    }
}
