//! What the templates in `templates/accounts/security/` are given.

use askama::Template;

use crate::web::{FieldErrors, Shell, safe_html::SafeHtml};

#[derive(Template)]
#[template(path = "accounts/security/show.html")]
pub(super) struct Security {
    pub shell: Shell,
    pub email: String,
    pub has_two_factor: bool,
    pub codes_left: i64,
    pub is_required: bool,
    pub new_email: String,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/security/two_factor.html")]
pub(super) struct TwoFactor {
    pub shell: Shell,
    pub picture: SafeHtml,
    pub secret: String,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/security/recovery_codes.html")]
pub(super) struct RecoveryCodes {
    pub shell: Shell,
    pub codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/security/confirm_email.html")]
pub(super) struct ConfirmEmail {
    pub shell: Shell,
    pub action: String,
    pub email: String,
}
