//! What the templates in `templates/notices/` are given.

use askama::Template;

use super::{
    Kind, Notice,
    settings::{CHOICES, Choices},
};
use crate::{
    accounts::User,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "notices/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub me: User,
    pub notices: Vec<Notice>,
    pub has_older: bool,
    pub is_first: bool,
}

impl Index {
    fn when(&self, notice: &Notice) -> String {
        self.me.date_and_time(notice.created_at)
    }

    fn oldest(&self) -> String {
        self.notices.last().map_or_else(String::new, |notice| notice.id.to_string())
    }
}

#[derive(Template)]
#[template(path = "notices/settings.html")]
pub(super) struct Settings {
    pub shell: Shell,
    pub kinds: Vec<Kind>,
    pub chosen: Choices,
    pub errors: FieldErrors,
}

impl Settings {
    fn options(&self) -> &'static [(&'static str, &'static str)] {
        CHOICES
    }

    fn chosen(&self, kind: &Kind) -> &str {
        self.chosen.get(kind.key).map_or("app", String::as_str)
    }
}
