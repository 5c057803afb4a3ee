//! HTML that was made by us and holds nothing that a person typed: it is not escaped again.

use std::fmt;

use askama::filters::HtmlSafe;

/// Made only where the markup is drawn by code, such as a QR code.
#[derive(Clone, Debug)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The caller vouches that `html` holds no text of a person's.
    pub fn drawn(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}
