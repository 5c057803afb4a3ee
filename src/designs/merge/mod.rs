//! Merge fields: `{{ contact.first_name | default("there") }}` in what is written once and sent to many.
//!
//! The language is a small piece of Jinja: fields, text and numbers, the filters of [`filters`], and
//! `{% if … %}` with `elif`, `else` and `endif`. Nothing else is understood: no calls, no arithmetic, no
//! loops, nothing of the environment. [`check`] says what is wrong with a template, [`Compiled`] is made
//! once and rendered for each contact; a value is escaped by the place it stands in ([`place`]), and an
//! address that holds a value is looked at again once it is filled in ([`address`]).
//!
//! Pure: no database, no clock, no I/O. `Compiled` is `Send + Sync`, and rendering parses nothing.

pub mod address;
mod compiled;
mod expression;
mod fields;
mod filters;
pub mod html;
mod node;
mod place;
mod plain;
mod problem;
mod tag;
mod values;

pub use compiled::{Compiled, Line, Link, Links, RenderError, Templates, Untracked};
pub use fields::{MergeField, MergeFields, OWN_LINKS};
pub use problem::{Problem, Severity};
pub use tag::{hide, hide_all, restore, without_marks};
pub use values::Values;

/// Bytes of a rendered part; more is an error and not a mail.
pub const OUTPUT_LIMIT: usize = 1024 * 1024;
/// Bytes of one value; what is longer ends with an ellipsis.
pub const VALUE_LIMIT: usize = 64 * 1024;
/// Tags in one template.
const TAGS_LIMIT: usize = 2_000;
/// How deep conditions may stand in each other.
const DEPTH_LIMIT: usize = 8;

/// What is wrong with a template that somebody typed: errors, and warnings for fields that may be empty.
pub fn check(template: &str, fields: &MergeFields) -> Result<(), Vec<Problem>> {
    let pieces = plain::pieces(template);
    let mut problems = node::problems(&pieces, fields);
    problems.extend(node::build(pieces).err().unwrap_or_default());
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
