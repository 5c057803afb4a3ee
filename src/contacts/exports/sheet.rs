//! A contact as a line of a file: with every column, named as an import knows them, or with those of a view.

use crate::{
    contacts::{
        contact::{FIELDS, stage_words},
        fields::OwnField,
        table::{ListQuery, SheetRow, columns::Column},
    },
    csv,
};

/// Which columns a file has.
pub(super) enum Sheet {
    /// Everything that an import can read again.
    All(Vec<OwnField>),
    /// The name, and what the list shows beside it.
    View(Vec<Column>),
}

impl Sheet {
    /// With the columns of this view, or with all.
    pub(super) fn new(own: Vec<OwnField>, view: Option<&ListQuery>) -> Self {
        match view {
            Some(view) => Self::View(Column::chosen(&Column::all(&own), &view.cols)),
            None => Self::All(own),
        }
    }

    /// The first line.
    pub(super) fn head(&self) -> String {
        match self {
            Self::All(own) => {
                let known = FIELDS.iter().map(|field| field.label.to_owned());
                let own = own.iter().map(|field| field.label.clone());
                let rest = ["Stage", "Tags", "Source", "Added"].map(str::to_owned);
                csv::line(known.chain(own).chain(rest))
            }
            Self::View(columns) => {
                let labels = columns.iter().map(|column| column.label.clone());
                csv::line(std::iter::once("Name".to_owned()).chain(labels))
            }
        }
    }

    /// A line of it.
    pub(super) fn line(&self, row: SheetRow) -> String {
        match self {
            Self::All(own) => whole(row, own),
            Self::View(columns) => {
                let cells = columns.iter().map(|column| column.text(&row.person, &row.tags));
                csv::line(std::iter::once(row.person.name()).chain(cells))
            }
        }
    }
}

/// With everything. A value of an own field stands as one would type it.
fn whole(SheetRow { person, tags }: SheetRow, own: &[OwnField]) -> String {
    let custom = own.iter().map(|field| person.custom.get(&field.key).map(|value| field.typed(value)));
    let custom: Vec<String> = custom.map(Option::unwrap_or_default).collect();
    let rest = [
        stage_words(&person.lifecycle_stage).to_owned(),
        tags.join("; "),
        person.source,
        person.created_at.format("%Y-%m-%d %H:%M:%S").to_string(),
    ];
    csv::line(person.known.into_iter().chain(custom).chain(rest))
}
