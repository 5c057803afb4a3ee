//! Administration of the installation, and coming into a workspace to help.

pub(crate) mod jobs;
mod mailbox;
mod organizations;
mod overview;
mod staff;
mod support;
mod users;

/// Pat may do everything for the installation.
pub const PAT: &str = "pat@platform.test";
/// Tess helps people.
pub const TESS: &str = "tess@platform.test";
