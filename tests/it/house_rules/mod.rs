//! Rules about the code itself, held by reading it.
//!
//! Every rule is a function from text to complaints. One test gives it the project and wants none; another
//! gives it a planted mistake and wants to hear of it.
//!
//! - [`source`]: reading files, and telling code from words and comments
//! - [`arrows`]: which module may use which
//! - [`sql`], [`statement`]: where SQL stands, and that it names its organization
//! - [`shape`]: names, sizes, what a file says about itself, who owns a table
//! - [`templates`]: htmx as we use it, and nothing inline
//! - [`outgoing`]: requests to others leave through one module
//! - [`migrations`]: names, comments, tenant tables

mod arrows;
mod migrations;
mod outgoing;
mod shape;
pub mod source;
pub mod sql;
pub mod statement;
mod templates;

/// Fails with every complaint, one a line.
#[track_caller]
fn none(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// Fails unless each of these planted mistakes is complained about.
#[track_caller]
fn each_is_heard(planted: &[&str], rule: impl Fn(&str) -> Vec<String>) {
    for mistake in planted {
        assert!(!rule(mistake).is_empty(), "nobody complained about\n{mistake}");
    }
}
