//! What the templates of support access are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Grant, SupportForm};
use crate::{
    accounts::User,
    admin::organizations::Organization,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "admin/support/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub organization: Organization,
    pub grants: Vec<Grant>,
    pub now: DateTime<Utc>,
    pub form: SupportForm,
    pub errors: FieldErrors,
    pub reader: User,
}

#[derive(Template)]
#[template(path = "orgs/support/index.html")]
pub(super) struct Visits {
    pub shell: Shell,
    pub org: String,
    pub grants: Vec<Grant>,
    pub now: DateTime<Utc>,
    pub reader: User,
}

/// How a grant stands: a tone and words.
fn standing(grant: &Grant, now: &DateTime<Utc>) -> (&'static str, &'static str) {
    match (grant.lasts(*now), grant.ended_by.is_empty()) {
        (true, _) => ("warn", "Is here"),
        (false, true) => ("plain", "Time was over"),
        (false, false) => ("plain", "Was ended"),
    }
}
