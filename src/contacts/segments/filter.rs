//! A rule that is not kept: the filter of the list of contacts. What is complete counts, line by line.

use super::{
    catalogue::{Catalogue, Subject},
    check,
    nodes::{self, Node},
    rule::Group,
    test::Meaning,
    words,
};

/// A filter as its form shows it, and what it means.
pub struct Filter {
    pub nodes: Vec<Node>,
    /// What a line can be about, under headings.
    pub subjects: Vec<(&'static str, Vec<Subject>)>,
    /// The whole in words.
    pub sentence: String,
    /// Whether a line does not count yet.
    pub is_incomplete: bool,
}

/// The rule as its form settles it, what its complete lines mean, and how it is shown.
pub fn look(rule: &Group, catalogue: &Catalogue) -> (Group, Option<Meaning>, Filter) {
    let rule = nodes::settled(rule, catalogue);
    let checked = check::check(&rule, catalogue);
    let filter = Filter {
        nodes: nodes::nodes(&rule, catalogue, &checked, &[], false),
        subjects: catalogue.under_headings(),
        sentence: words::sentence(&rule, catalogue),
        is_incomplete: !checked.errors.is_empty(),
    };
    (rule, (!checked.lines.is_empty()).then_some(checked.meaning), filter)
}
