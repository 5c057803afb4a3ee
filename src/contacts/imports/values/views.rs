//! What the template of values is given.

use askama::Template;

use super::{MOST, page::ValuesForm};
use crate::{
    contacts::{
        contact::{LEAD_STATUSES, STAGES},
        fields::{FieldId, Kind, OwnField},
        imports::Import,
    },
    web::{FieldErrors, Shell},
};

/// What a cell of a column can mean.
pub(super) struct Vocabulary {
    pub label: String,
    /// Key and words of everything that is known.
    known: Vec<(String, String)>,
    /// The field that new choices can be added to.
    pub field: Option<FieldId>,
}

impl Vocabulary {
    pub(super) fn of(column: &str, own: &[OwnField]) -> Self {
        let owned = |words: &[(&str, &str)]| {
            words.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect()
        };
        match (column, own.iter().find(|field| field.input() == column)) {
            ("stage", _) => Self { label: "Stage".to_owned(), known: owned(STAGES), field: None },
            ("lead_status", _) => {
                Self { label: "Lead status".to_owned(), known: owned(LEAD_STATUSES), field: None }
            }
            (_, Some(field)) => {
                let offered =
                    field.offered().map(|choice| (choice.key.clone(), choice.label.clone())).collect();
                let known = if field.kind == Kind::Boolean {
                    owned(&[("yes", "Yes"), ("no", "No")])
                } else {
                    offered
                };
                let is_open = field.kind.has_options();
                Self { label: field.label.clone(), known, field: is_open.then_some(field.id) }
            }
            (_, None) => Self { label: column.to_owned(), known: Vec::new(), field: None },
        }
    }

    /// Whether this can be chosen.
    pub(super) fn knows(&self, said: &str) -> bool {
        match said {
            "" | "-" => true,
            "+" => self.field.is_some(),
            said => {
                said.strip_prefix('=').is_some_and(|key| self.known.iter().any(|(known, _)| known == key))
            }
        }
    }

    fn choices(&self) -> Vec<(String, String)> {
        let mut choices = vec![
            (String::new(), "Refuse the line".to_owned()),
            ("-".to_owned(), "Leave it empty".to_owned()),
        ];
        choices.extend(self.field.map(|_| ("+".to_owned(), "Add it as a new choice".to_owned())));
        choices.extend(self.known.iter().map(|(key, words)| (format!("={key}"), words.clone())));
        choices
    }
}

/// A cell that is not known, and what was said of it.
pub(super) struct Stranger {
    pub n: usize,
    pub cell: String,
    pub count: i64,
    pub said: String,
    pub error: String,
}

/// A column with cells that are not known.
pub(super) struct Column {
    pub key: String,
    pub label: String,
    pub choices: Vec<(String, String)>,
    pub cells: Vec<Stranger>,
    pub more: i64,
}

/// Column by column, the usual cells first.
pub(super) fn columns(
    import: &Import,
    own: &[OwnField],
    form: Option<&ValuesForm>,
    errors: &FieldErrors,
) -> Vec<Column> {
    let mut n = 0;
    let mut columns = Vec::new();
    for (key, strangers) in import.unknown.columns() {
        let vocabulary = Vocabulary::of(key, own);
        let mut cells: Vec<(&String, &i64)> = strangers.cells.iter().collect();
        cells.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let mut shown = Vec::new();
        for (cell, count) in cells {
            let typed = form.and_then(|form| form.said(key, cell));
            let error = typed.as_ref().map_or("", |(name, _)| errors.of(name)).to_owned();
            let kept = match import.meanings.of(key, cell) {
                None => String::new(),
                Some("") => "-".to_owned(),
                Some(meaning) => format!("={meaning}"),
            };
            let said = typed.map_or(kept, |(_, said)| said.to_owned());
            shown.push(Stranger { n, cell: cell.clone(), count: *count, said, error });
            n += 1;
        }
        let (label, choices) = (vocabulary.label.clone(), vocabulary.choices());
        columns.push(Column { key: key.clone(), label, choices, cells: shown, more: strangers.more });
    }
    columns
}

#[derive(Template)]
#[template(path = "contacts/imports/values.html")]
pub(super) struct Values {
    pub shell: Shell,
    pub path: String,
    pub import: Import,
    pub columns: Vec<Column>,
    pub errors: FieldErrors,
}

impl Values {
    fn most(&self) -> usize {
        MOST
    }
}
