//! What the templates under `templates/dev` are filled with.

use askama::Template;
use serde::Deserialize;

use super::{list::List, sample::STAGES};
use crate::web::{
    FieldErrors, Shell,
    csrf::FormToken,
    shell::{NavGroup, NavItem},
};

#[derive(Template)]
#[template(path = "dev/components.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub list: List,
    pub form: SampleForm,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "dev/components.html", block = "form")]
pub(super) struct FormPart {
    pub form: SampleForm,
    pub errors: FieldErrors,
}

/// A form with one field of every kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SampleForm {
    pub name: String,
    pub email: String,
    pub password: String,
    pub about: String,
    pub stage: String,
    pub size: String,
    pub terms: Option<String>,
}

impl SampleForm {
    pub(super) fn check(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.name.trim().is_empty() {
            errors.add("name", "Enter a name.");
        }
        if !self.email.contains('@') {
            errors.add("email", "Enter an address with an @, such as ada@sample.example.");
        }
        if self.password.chars().count() < 10 {
            errors.add("password", "Use 10 characters or more.");
        }
        if self.terms.is_none() {
            errors.add("terms", "Tick this to go on.");
        }
        errors
    }

    pub(super) fn stages(&self) -> Vec<(&'static str, &'static str)> {
        STAGES.iter().map(|(key, label, _)| (*key, *label)).collect()
    }

    pub(super) fn sizes(&self) -> [(&'static str, &'static str); 3] {
        [("small", "Small"), ("medium", "Medium"), ("large", "Large")]
    }
}

#[derive(Template)]
#[template(path = "dev/overlay.html")]
pub(super) struct Overlay {
    pub shell: Shell,
    /// `dialog` or `drawer`.
    pub kind: &'static str,
}

#[derive(Template)]
#[template(path = "dev/overlay.html", block = "overlay")]
pub(super) struct OverlayPart {
    pub kind: &'static str,
}

#[derive(Template)]
#[template(path = "dev/progress.html")]
pub(super) struct Progress {
    done: u32,
    sentence: String,
}

impl Progress {
    /// `done` of a hundred.
    pub(super) fn at(done: u32) -> Self {
        let left = (100 - done) * 6 / 100;
        let rest = if done == 100 { "done".to_owned() } else { format!("416 a second, about {left} s left") };
        Self { done, sentence: format!("{} of 2,500 rows read, {rest}", done * 25) }
    }
}

/// The shell of a page that is nobody's.
pub(super) fn shell(token: &FormToken) -> Shell {
    let pages = vec![
        NavItem::new("components", "Components", "/dev/components".into(), "components", "g c"),
        NavItem::new("mailbox", "Built-in mailbox", "/dev/mailbox".into(), "mailbox", "g m"),
    ];
    Shell {
        section: "components".to_owned(),
        shortcuts_on: true,
        nav: vec![NavGroup { label: "Development".to_owned(), items: pages }],
        ..Shell::visitor(token.value())
    }
}
