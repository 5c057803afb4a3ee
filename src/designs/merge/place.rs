//! Escaping a value by the place that it stands in.

use std::fmt::Write;

use minijinja::Value;

use super::values::words;

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between tags.
    Text,
    /// In an attribute that is no address.
    Attribute,
    /// At the beginning of an address, where it may be all of it.
    Address,
    /// In the name of a server.
    Host,
    /// In the path of an address, or behind `mailto:`.
    Path,
    /// Behind the `?` or `#` of an address.
    Query,
    /// In the subject or the text part.
    Line,
}

/// Writes the value as this place needs it. Addresses are escaped as attributes once they are whole.
pub(super) fn write(place: Place, value: &Value, out: &mut String) {
    let text = words(value);
    match place {
        Place::Text | Place::Attribute => escape(&text, out),
        Place::Address => out.push_str(text.trim()),
        // What is no name of a server makes the address one that is refused.
        Place::Host => {
            let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
            out.push_str(if is_name { &text } else { "\u{0}" });
        }
        Place::Path | Place::Query if value.is_safe() => out.push_str(&text),
        Place::Path => out.push_str(&percent_encoded(&text, "@")),
        Place::Query => out.push_str(&percent_encoded(&text, "")),
        Place::Line => out.extend(text.chars().map(|c| if breaks(c) { ' ' } else { c })),
    }
}

/// Characters that end a line or do something other than show.
pub(super) fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// For HTML, between tags and in quoted attributes alike.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// Everything but letters, digits, `-._~` and what is kept, as `%` and two digits for each byte.
pub(super) fn percent_encoded(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (byte.is_ascii() && kept.contains(c)) {
            encoded.push(c);
        } else {
            // Writing into a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
