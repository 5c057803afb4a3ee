//! Reading HTML for the places that tags stand in. The HTML is ours, so it is well-formed: every
//! attribute is quoted, every `<` that begins no tag is written as an entity.

use super::{
    Problem,
    node::Piece,
    place::{Place, escape},
    plain, tag,
};

/// Attributes that lead somewhere or fetch something.
const ADDRESSES: &[&str] = &["href", "src", "background", "action", "formaction", "poster", "cite", "data"];

pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut reader = Reader { pieces: Vec::new(), text: String::new() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.between_tags(rest.get(..at).unwrap_or_default());
        rest = reader.markup(rest.get(at..).unwrap_or_default());
    }
    reader.between_tags(rest);
    reader.flush();
    reader.pieces
}

struct Reader {
    pieces: Vec<Piece>,
    /// Text that is passed on as it is.
    text: String,
}

impl Reader {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        }
    }

    fn push(&mut self, piece: Piece) {
        self.flush();
        self.pieces.push(piece);
    }

    fn between_tags(&mut self, text: &str) {
        self.with_tags(text, Place::Text);
    }

    /// Text whose tags are found behind their entities.
    fn with_tags(&mut self, text: &str, place: Place) {
        let mut rest = text;
        while let Some((at, raw)) = tag::next(rest) {
            self.text.push_str(rest.get(..at).unwrap_or_default());
            self.push(Piece::Tag(plain::mark(&decoded(raw), place)));
            rest = rest.get(at + raw.len()..).unwrap_or_default();
        }
        self.text.push_str(rest);
    }

    /// What begins with `<`; gives what follows it.
    fn markup<'a>(&mut self, text: &'a str) -> &'a str {
        if text.starts_with("<!--") {
            return self.raw(text, "-->");
        }
        let name: String =
            text.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let mut rest = text.get(1 + name.len()..).unwrap_or_default();
        self.text.push('<');
        self.text.push_str(text.get(1..1 + name.len()).unwrap_or_default());
        while let Some(c) = rest.chars().next() {
            let taken = c.len_utf8();
            rest = match c {
                '>' => {
                    self.text.push('>');
                    let inside = rest.get(1..).unwrap_or_default();
                    return match name.as_str() {
                        "style" | "script" | "title" => self.raw(inside, &format!("</{name}")),
                        _ => inside,
                    };
                }
                '"' | '\'' => self.value(&name, rest),
                _ => {
                    self.text.push(c);
                    rest.get(taken..).unwrap_or_default()
                }
            };
        }
        rest
    }

    /// Passed on as it is up to and with `end`: no tag is looked for in styles and comments.
    fn raw<'a>(&mut self, text: &'a str, end: &str) -> &'a str {
        let length = text.find(end).map_or(text.len(), |at| at + end.len());
        let raw = text.get(..length).unwrap_or_default();
        if raw.contains("{{") {
            self.push(Piece::Wrong(Problem::error("A merge field cannot stand here.", raw)));
        }
        self.text.push_str(raw);
        text.get(length..).unwrap_or_default()
    }

    /// A quoted value; what it belongs to stands at the end of the text so far.
    fn value<'a>(&mut self, element: &str, text: &'a str) -> &'a str {
        let quote = text.get(..1).unwrap_or("\"");
        let inner = text.get(1..).unwrap_or_default();
        let (value, rest) = inner.split_once(quote).unwrap_or((inner, ""));
        let named = self.text.trim_end_matches('=');
        let name = named.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
        self.text.push('"');
        let has_tag = tag::next(value).is_some();
        if ADDRESSES.contains(&name.as_str()) && (has_tag || (element == "a" && name == "href")) {
            let parts = plain::address_parts(decoded(value).trim());
            self.push(Piece::Address { parts, is_link: element == "a" });
        } else if has_tag && (name == "style" || name == "srcset" || name.starts_with("on")) {
            self.push(Piece::Wrong(Problem::error("A merge field cannot stand here.", decoded(value))));
        } else if quote == "'" {
            // Kept in double quotes from here on.
            self.with_tags(&value.replace('"', "&quot;"), Place::Attribute);
        } else {
            self.with_tags(value, Place::Attribute);
        }
        self.text.push('"');
        rest
    }
}

/// The entities that HTML writers use, read back.
pub fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&#39;", "'").replace("&#34;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// As it stands in HTML, between tags and in attributes.
pub fn encoded(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(text, &mut html);
    html
}
