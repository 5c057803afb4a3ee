//! What the last question is given.

use askama::Template;

use crate::{
    campaigns::{
        Broadcast,
        checks::{Check, Facts},
    },
    numbers,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "campaigns/confirm.html", blocks = ["question"])]
pub(super) struct Confirm {
    pub shell: Shell,
    pub path: String,
    /// The workspace's name.
    pub workspace: String,
    pub broadcast: Broadcast,
    pub facts: Facts,
    pub stop: Option<Check>,
    /// When it begins; none for now.
    pub at: Option<String>,
    pub is_many: bool,
    pub errors: FieldErrors,
}

impl Confirm {
    fn people(&self) -> String {
        numbers::people(self.facts.audience.gets())
    }

    fn door(&self) -> &'static str {
        if self.at.is_some() { "schedule" } else { "start" }
    }
}
