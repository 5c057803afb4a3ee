//! What the template `templates/deals/lose.html` is given.

use askama::Template;

use super::routes::LoseForm;
use crate::{
    deals::Deal,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "deals/lose.html")]
pub(super) struct Lose {
    pub shell: Shell,
    pub path: String,
    pub deals: String,
    pub deal: Deal,
    pub form: LoseForm,
    pub errors: FieldErrors,
}

impl Lose {
    /// The question alone, for a dialog.
    pub(super) fn into_question(self) -> Question {
        let Self { path, deal, form, errors, .. } = self;
        Question { path, deal, form, errors }
    }
}

#[derive(Template)]
#[template(path = "deals/lose.html", block = "question")]
pub(super) struct Question {
    pub path: String,
    pub deal: Deal,
    pub form: LoseForm,
    pub errors: FieldErrors,
}
