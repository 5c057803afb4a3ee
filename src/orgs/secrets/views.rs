//! What the templates in `templates/orgs/secrets/` are given.

use askama::Template;

use crate::{
    accounts::User,
    secrets::Secret,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// A secret as a person reads about it.
pub(super) struct Row {
    pub id: String,
    pub label: String,
    /// Such as `…x4Kd`; empty when the value is too short to show any of it.
    pub ending: String,
    pub made: String,
    pub by: Option<String>,
    pub replaced: Option<String>,
    pub used: Option<String>,
    pub failed: Option<String>,
    pub error: String,
}

impl Row {
    pub(super) fn new(secret: Secret, reader: &User) -> Self {
        let at = |at| reader.date_and_time(at);
        Self {
            id: secret.id.to_string(),
            label: secret.label,
            ending: secret.last4.map(|last4| format!("…{last4}")).unwrap_or_default(),
            made: reader.date(secret.created_at),
            by: secret.made_by,
            replaced: (secret.updated_at > secret.created_at).then(|| at(secret.updated_at)),
            used: secret.last_used_at.map(at),
            failed: secret.last_failed_at.map(at),
            error: secret.last_error,
        }
    }
}

#[derive(Template)]
#[template(path = "orgs/secrets/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub org: String,
    pub secrets: Vec<Row>,
    /// The name of a new one, as it was typed.
    pub typed: String,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "orgs/secrets/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub org: String,
    pub secret: Row,
    pub errors: FieldErrors,
}

impl Show {
    pub(super) fn new(shell: Shell, member: &Member, secret: Secret, errors: FieldErrors) -> Self {
        Self { shell, org: member.access.slug.clone(), secret: Row::new(secret, &member.user), errors }
    }
}
