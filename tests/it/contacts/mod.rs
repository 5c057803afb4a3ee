//! Contacts, as people in a workspace meet them.

mod exports;
mod fields;
mod filters;
pub(crate) mod imports;
mod people;
mod public_tables;
mod resuming;
mod retyping;
pub(crate) mod segments;
mod tags;
