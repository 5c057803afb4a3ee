//! Words for whoever typed the command. The log goes elsewhere ([`super::logging`]).

use std::io::Write;

/// A line of the answer, on standard output. A reader that left early is no reason to fail.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// What went wrong, on standard error.
pub(super) fn problem(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Everything that went wrong, one a line.
pub(super) fn problems(title: &str, all: &[String]) {
    problem(title);
    for one in all {
        problem(&format!("- {one}"));
    }
}
