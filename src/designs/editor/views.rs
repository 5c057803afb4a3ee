//! What the editor's templates are given.

use askama::Template;
use uuid::Uuid;

use super::page::Look;
use crate::{
    designs::{
        blocks::{Field, Kind},
        draft::Draft,
        merge::MergeField,
    },
    web::{FieldErrors, Shell},
};

/// A line of the outline.
pub(super) struct Row {
    pub id: Uuid,
    pub kind: &'static str,
    pub icon: &'static str,
    pub summary: String,
    pub is_inside: bool,
    pub is_current: bool,
}

/// Something that the checks found.
pub(super) struct Check {
    pub block: String,
    pub name: String,
    pub is_error: bool,
    pub what: String,
}

/// The block that is chosen.
pub(super) struct Selected {
    pub id: Uuid,
    pub kind: &'static str,
    pub icon: &'static str,
    pub is_locked: bool,
    /// Numbers of its columns, from nought.
    pub columns: Vec<i16>,
    pub fields: Vec<Field>,
    /// Who else changed it meanwhile; empty for nobody.
    pub conflict: String,
}

#[derive(Template)]
#[template(path = "designs/editor.html", blocks = ["editor"])]
pub(super) struct Editor {
    pub shell: Shell,
    pub org: String,
    pub draft: Draft,
    pub look: Look,
    pub outline: Vec<Row>,
    pub selected: Option<Selected>,
    pub palette: Vec<&'static dyn Kind>,
    pub styles: Vec<Field>,
    pub checks: Vec<Check>,
    pub merge_fields: Vec<MergeField>,
    /// Whom the mail can be seen as: key and name.
    pub people: Vec<(String, String)>,
    pub may_edit: bool,
    pub errors: FieldErrors,
}

impl Editor {
    fn path(&self) -> String {
        format!("/w/{}/designs/{}", self.org, self.draft.id)
    }

    /// The editor with another block chosen, another panel, another view.
    fn with(&self, look: &Look) -> String {
        format!("{}?{}", self.path(), look.as_query())
    }

    pub(super) fn choosing(&self, block: &str) -> String {
        self.with(&Look { block: block.to_owned(), panel: "block".to_owned(), ..self.look.clone() })
    }

    fn viewing(&self, view: &str) -> String {
        self.with(&Look { view: view.to_owned(), ..self.look.clone() })
    }

    fn in_panel(&self, panel: &str) -> String {
        self.with(&self.look.on(panel))
    }

    fn doing(&self, what: &str) -> String {
        format!("{}/{what}?{}", self.path(), self.look.as_query())
    }

    pub(super) fn canvas(&self) -> String {
        format!("{}/canvas?{}&rev={}", self.path(), self.look.at(None).as_query(), self.draft.rev)
    }

    fn has_errors(&self) -> bool {
        self.checks.iter().any(|check| check.is_error)
    }
}

/// What an autosave changes on the page; the form is left alone.
#[derive(Template)]
#[template(path = "designs/saved.html")]
pub(super) struct Saved {
    pub editor: Editor,
}

impl Saved {
    fn conflict(&self) -> &str {
        self.editor.selected.as_ref().map_or("", |selected| selected.conflict.as_str())
    }
}
