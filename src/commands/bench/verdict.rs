//! Whether what was measured is within what is allowed.

use std::process::ExitCode;

use crate::commands::print;

/// Prints the last line, and fails when the ratio is above the one that is allowed.
pub(super) fn on(words: &str, ratio: f64, at_most: Option<f64>) -> ExitCode {
    print::line("");
    let allowed = at_most.map_or_else(String::new, |most| format!(" (at most {most:.2} is allowed)"));
    print::line(&format!("{words}: ratio {ratio:.2}{allowed}"));
    if at_most.is_some_and(|most| ratio > most) {
        print::problem("That is more than is allowed.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
