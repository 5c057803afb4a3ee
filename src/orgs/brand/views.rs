//! What the template `templates/orgs/brand/edit.html` is given.

use askama::Template;

use super::form::BrandForm;
use crate::web::{FieldErrors, Shell};

#[derive(Template)]
#[template(path = "orgs/brand/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub org: String,
    pub form: BrandForm,
    /// Where the logo is; empty without one.
    pub logo: String,
    /// Whether there is no brand here yet, and the agency's counts.
    pub is_agencys: bool,
    pub errors: FieldErrors,
}
