//! Contacts, as people in a workspace meet them.

mod changes;
mod companies;
mod duplicates;
mod exports;
mod fields;
mod filters;
mod found;
mod identities;
mod import_again;
mod import_end;
mod import_keys;
mod import_sheets;
mod import_values;
pub(crate) mod imports;
mod merging;
mod notes;
mod people;
mod public_people;
mod public_tables;
mod resuming;
mod retyping;
pub(crate) mod scoring;
pub(crate) mod segments;
mod standing;
mod tags;
mod timeline;
mod views;
