//! Something that is wrong with a template, in words for whoever wrote it.

/// Whether it stops a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub what: String,
    /// Where it stands: the tag itself, or the block that it is in.
    pub place: String,
}

impl Problem {
    pub fn error(what: impl Into<String>, place: impl Into<String>) -> Self {
        Self { severity: Severity::Error, what: what.into(), place: shortened(&place.into()) }
    }

    pub fn warning(what: impl Into<String>, place: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, what: what.into(), place: shortened(&place.into()) }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

fn shortened(place: &str) -> String {
    let mut short: String = place.chars().take(80).collect();
    if short.len() < place.len() {
        short.push('…');
    }
    short
}
