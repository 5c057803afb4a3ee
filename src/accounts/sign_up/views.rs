//! What the templates in `templates/accounts/sign_up/` are given.

use askama::Template;

use super::SignUpForm;
use crate::{
    accounts::mailed_link::Link,
    crypto::Token,
    email_address::EmailAddress,
    web::{FieldErrors, Shell, csrf::FormToken},
};

#[derive(Template)]
#[template(path = "accounts/sign_up/new.html")]
pub(super) struct Asked {
    pub shell: Shell,
    pub form: SignUpForm,
    pub errors: FieldErrors,
}

impl Asked {
    pub(super) fn new(token: &FormToken, form: SignUpForm, errors: FieldErrors) -> Self {
        Self { shell: Shell::visitor(token.value()), form, errors }
    }

    pub(super) fn kinds(&self) -> [(&'static str, &'static str); 2] {
        [("direct", "A business of its own"), ("agency", "An agency, with clients")]
    }
}

#[derive(Template)]
#[template(path = "accounts/sign_up/closed.html")]
pub(super) struct Closed {
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/sent.html")]
pub(super) struct Sent {
    pub shell: Shell,
    pub email: String,
}

impl Sent {
    pub(super) fn new(token: &FormToken, email: &EmailAddress) -> Self {
        Self { shell: Shell::visitor(token.value()), email: email.to_string() }
    }
}

#[derive(Template)]
#[template(path = "accounts/sign_up/choose_password.html")]
pub(super) struct ChoosePassword {
    pub shell: Shell,
    pub action: String,
    pub email: String,
    pub workspace: String,
    pub errors: FieldErrors,
}

impl ChoosePassword {
    pub(super) fn new(pending: &Link, link: &Token, token: &FormToken, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::visitor(token.value()),
            action: format!("/sign-up/{}", link.as_str()),
            email: pending.email.clone(),
            workspace: pending.workspace_name.clone(),
            errors,
        }
    }
}
