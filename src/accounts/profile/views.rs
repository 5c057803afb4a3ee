//! What the templates in `templates/accounts/profile/` are given.

use askama::Template;

use super::{DENSITIES, LANGUAGES, PreferencesForm, ProfileForm, THEMES};
use crate::{
    accounts::{User, time_zones},
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "accounts/profile/show.html")]
pub(super) struct Profile {
    pub shell: Shell,
    pub initials: String,
    pub avatar: String,
    pub zones: Vec<(String, String)>,
    pub languages: &'static [(&'static str, &'static str)],
    pub form: ProfileForm,
    pub errors: FieldErrors,
}

impl Profile {
    pub(super) fn new(shell: Shell, user: &User, form: ProfileForm, errors: FieldErrors) -> Self {
        Self {
            shell,
            initials: user.initials(),
            avatar: user.avatar_url().unwrap_or_default(),
            zones: time_zones(),
            languages: LANGUAGES,
            form,
            errors,
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/profile/preferences.html")]
pub(super) struct Preferences {
    pub shell: Shell,
    pub themes: &'static [(&'static str, &'static str)],
    pub densities: &'static [(&'static str, &'static str)],
    pub form: PreferencesForm,
    pub errors: FieldErrors,
}

impl Preferences {
    pub(super) fn new(shell: Shell, form: PreferencesForm, errors: FieldErrors) -> Self {
        Self { shell, themes: THEMES, densities: DENSITIES, form, errors }
    }
}
