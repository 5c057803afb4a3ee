//! A contact as a line of a file. The names of the columns are those that an import knows.

use crate::{
    contacts::{
        contact::{FIELDS, stage_words},
        fields::OwnField,
        table::SheetRow,
    },
    csv,
};

/// The first line.
pub(super) fn head(own: &[OwnField]) -> String {
    let known = FIELDS.iter().map(|field| field.label.to_owned());
    let own = own.iter().map(|field| field.label.clone());
    let rest = ["Stage", "Tags", "Source", "Added"].map(str::to_owned);
    csv::line(known.chain(own).chain(rest))
}

/// A line of it. A value of an own field stands as one would type it.
pub(super) fn line(row: SheetRow, own: &[OwnField]) -> String {
    let custom = own.iter().map(|field| row.custom.get(&field.key).map(|value| field.typed(value)));
    let rest = [
        stage_words(&row.lifecycle_stage).to_owned(),
        row.tags.join("; "),
        row.source,
        row.created_at.format("%Y-%m-%d %H:%M:%S").to_string(),
    ];
    csv::line(row.known.into_iter().chain(custom.map(Option::unwrap_or_default)).chain(rest))
}
