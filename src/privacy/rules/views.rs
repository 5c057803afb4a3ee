//! What the template of data and privacy is given.

use askama::Template;

use super::{Rule, RuleForm};
use crate::{
    personal::Retention,
    privacy::erasing::Erasure,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// A kind that grows old, what was decided about it, and how many would go now.
pub(super) struct Line {
    pub kind: Retention,
    pub rule: Option<Rule>,
    /// None while the rule is off.
    pub due: Option<i64>,
    pub form: RuleForm,
    pub errors: FieldErrors,
}

impl Line {
    fn is_on(&self) -> bool {
        self.form.on.is_some()
    }

    fn sentence(&self) -> String {
        match self.due {
            None => "Off: kept for ever.".to_owned(),
            Some(0) => "On. Nothing is old enough to go now.".to_owned(),
            Some(1) => "On. 1 row would go now.".to_owned(),
            Some(due) => format!("On. {due} rows would go now."),
        }
    }
}

#[derive(Template)]
#[template(path = "privacy/rules/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    /// Where all of this is.
    pub path: String,
    pub member: Member,
    pub lines: Vec<Line>,
    pub erasures: Vec<Erasure>,
    pub export_days: i64,
    pub event_months: i32,
}
