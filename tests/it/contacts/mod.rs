//! Contacts, as people in a workspace meet them.

mod fields;
pub(crate) mod imports;
mod people;
mod public_tables;
mod resuming;
mod retyping;
mod segments;
mod tags;
