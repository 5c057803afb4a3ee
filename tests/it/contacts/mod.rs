//! Contacts, as people in a workspace meet them.

pub(crate) mod imports;
mod people;
mod public_tables;
mod resuming;
mod segments;
