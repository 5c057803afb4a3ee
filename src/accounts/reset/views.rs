//! What the templates in `templates/accounts/reset/` are given.

use askama::Template;

use crate::{
    email_address::EmailAddress,
    web::{FieldErrors, Shell, csrf::FormToken},
};

#[derive(Template)]
#[template(path = "accounts/reset/new.html")]
pub(super) struct Asked {
    pub shell: Shell,
    pub email: String,
    pub errors: FieldErrors,
}

impl Asked {
    pub(super) fn new(token: &FormToken, email: String, errors: FieldErrors) -> Self {
        Self { shell: Shell::visitor(token.value()), email, errors }
    }
}

#[derive(Template)]
#[template(path = "accounts/reset/sent.html")]
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
#[template(path = "accounts/reset/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub action: String,
    pub email: String,
    pub errors: FieldErrors,
}

impl Edit {
    pub(super) fn new(token: &FormToken, link: &str, email: &str, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::visitor(token.value()),
            action: format!("/reset/{link}"),
            email: email.to_owned(),
            errors,
        }
    }
}
