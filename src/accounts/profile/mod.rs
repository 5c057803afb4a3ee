//! What a person says about themselves, and how they want their screen.

pub mod avatar;
mod queries;
pub mod routes;
mod views;

use chrono_tz::Tz;
use serde::Deserialize;

pub use queries::set_title;

use super::User;
use crate::web::FieldErrors;

/// The profile, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub time_zone: String,
    pub language: String,
}

/// The languages there are; each also decides how dates are written.
pub const LANGUAGES: &[(&str, &str)] =
    &[("en-US", "English (United States)"), ("en-GB", "English (United Kingdom)")];

impl ProfileForm {
    pub fn of(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            title: user.title.clone(),
            phone: user.phone.clone(),
            time_zone: user.time_zone.clone(),
            language: user.language.clone(),
        }
    }

    /// The profile with its spaces cut, or what is wrong with it.
    pub fn check(&self) -> Result<Self, FieldErrors> {
        let trimmed = Self {
            name: self.name.trim().to_owned(),
            title: self.title.trim().to_owned(),
            phone: self.phone.trim().to_owned(),
            ..self.clone()
        };
        let mut errors = FieldErrors::default();
        if trimmed.name.is_empty() || trimmed.name.chars().count() > 200 {
            errors.add("name", "Please tell us your name, in up to 200 characters.");
        }
        if trimmed.title.chars().count() > 200 {
            errors.add("title", "Please keep the title under 200 characters.");
        }
        for (field, typed) in [("name", &trimmed.name), ("title", &trimmed.title)] {
            if typed.contains(char::is_control) {
                errors.add(field, "Please use letters, digits and signs only.");
            }
        }
        let is_number = trimmed.phone.chars().all(|c| c.is_ascii_digit() || "+-() ./".contains(c));
        if !is_number || trimmed.phone.len() > 40 {
            errors.add("phone", "A phone number has digits, spaces and a plus: +1 303 555 0100.");
        }
        if trimmed.time_zone.parse::<Tz>().is_err() {
            errors.add("time_zone", "Choose a time zone from the list.");
        }
        if !LANGUAGES.iter().any(|(key, _)| *key == trimmed.language) {
            errors.add("language", "Choose a language from the list.");
        }
        errors.into_result().map(|()| trimmed)
    }
}

/// How a person wants their screen, as sent: a box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PreferencesForm {
    pub theme: String,
    pub density: String,
    pub shortcuts_on: Option<String>,
}

pub const THEMES: &[(&str, &str)] = &[("system", "As the system"), ("light", "Light"), ("dark", "Dark")];
pub const DENSITIES: &[(&str, &str)] = &[("comfortable", "Comfortable"), ("compact", "Compact")];

impl PreferencesForm {
    pub fn of(user: &User) -> Self {
        Self {
            theme: user.theme.clone(),
            density: user.density.clone(),
            shortcuts_on: user.shortcuts_on.then(|| "on".to_owned()),
        }
    }

    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        if !THEMES.iter().any(|(key, _)| *key == self.theme) {
            errors.add("theme", "Choose one of these.");
        }
        if !DENSITIES.iter().any(|(key, _)| *key == self.density) {
            errors.add("density", "Choose one of these.");
        }
        errors.into_result()
    }
}
