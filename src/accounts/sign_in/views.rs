//! What the templates in `templates/accounts/sign_in/` are given.

use askama::Template;

use super::routes::SignInForm;
use crate::web::{App, FieldErrors, Shell, csrf::FormToken};

#[derive(Template)]
#[template(path = "accounts/sign_in/new.html")]
pub(super) struct SignIn {
    pub shell: Shell,
    pub is_sign_up_open: bool,
    pub form: SignInForm,
    pub errors: FieldErrors,
}

impl SignIn {
    pub(super) fn new(app: &App, token: &FormToken, form: SignInForm, errors: FieldErrors) -> Self {
        Self { shell: Shell::visitor(token.value()), is_sign_up_open: app.config.sign_up_open, form, errors }
    }
}

#[derive(Template)]
#[template(path = "accounts/sign_in/code.html")]
pub(super) struct Code {
    pub shell: Shell,
    pub errors: FieldErrors,
}

impl Code {
    pub(super) fn new(token: &FormToken, errors: FieldErrors) -> Self {
        Self { shell: Shell::visitor(token.value()), errors }
    }
}
