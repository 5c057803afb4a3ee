//! What the templates in `templates/orgs/settings/` are given.

use askama::Template;

use super::{GeneralForm, HUES};
use crate::{
    tenancy::Member,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "orgs/settings/general.html")]
pub(super) struct General {
    pub shell: Shell,
    pub org: String,
    pub address: String,
    pub kind: &'static str,
    pub zones: Vec<(String, String)>,
    pub hues: Vec<(String, &'static str)>,
    pub form: GeneralForm,
    pub errors: FieldErrors,
}

impl General {
    pub(super) fn new(shell: Shell, member: &Member, form: GeneralForm, errors: FieldErrors) -> Self {
        Self {
            shell,
            org: member.access.slug.clone(),
            address: member.link(""),
            kind: kind_in_words(&member.access.kind),
            zones: crate::accounts::time_zones(),
            hues: HUES.iter().enumerate().map(|(number, name)| (number.to_string(), *name)).collect(),
            form,
            errors,
        }
    }
}

#[derive(Template)]
#[template(path = "orgs/settings/security.html")]
pub(super) struct Security {
    pub shell: Shell,
    pub org: String,
    pub is_required: bool,
    pub with_it: i64,
    pub people: i64,
    pub errors: FieldErrors,
}

/// What kind of organization this is, for its people.
pub(super) fn kind_in_words(kind: &str) -> &'static str {
    match kind {
        "agency" => "An agency, which has clients of its own",
        "client" => "A client of an agency",
        "internal" => "Internal to this installation",
        _ => "A business of its own",
    }
}
