//! What an organization decides about itself: its name and colours, and how people must sign in.

mod queries;
pub mod routes;
mod views;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::web::FieldErrors;

/// The colours that a workspace can have, in the order of their numbers.
pub const HUES: &[&str] = &[
    "Blue", "Indigo", "Violet", "Purple", "Magenta", "Rose", "Red", "Orange", "Amber", "Green", "Teal",
    "Cyan",
];

/// The general settings, as typed.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
pub struct GeneralForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub hue: String,
    #[serde(default)]
    pub time_zone: String,
}

/// The general settings, ready to be stored.
#[derive(Clone, Debug, Serialize)]
pub struct General {
    pub(super) name: String,
    pub(super) hue: i16,
    pub(super) time_zone: String,
}

impl GeneralForm {
    /// What to store, or what to tell the person who typed it.
    pub fn check(&self) -> Result<General, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 120 {
            errors.add("name", "Give the workspace a name of up to 120 characters.");
        }
        let hue = self.hue.parse().ok().filter(|hue| (0..12).contains(hue));
        if hue.is_none() {
            errors.add("hue", "Choose one of the colours.");
        }
        let zone = self.time_zone.parse::<Tz>().ok();
        if zone.is_none() {
            errors.add("time_zone", "Choose a time zone from the list.");
        }
        match (hue, zone) {
            (Some(hue), Some(zone)) if errors.is_empty() => {
                Ok(General { name: name.to_owned(), hue, time_zone: zone.name().to_owned() })
            }
            _ => Err(errors),
        }
    }
}

/// How people must sign in, as sent: a box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SecurityForm {
    #[serde(default)]
    pub requires_two_factor: Option<String>,
}
