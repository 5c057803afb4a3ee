//! Reading text without markup: a subject, a text part, a field of a form.

use super::{
    address::is_web,
    node::{Mark, Part, Piece},
    place::Place,
    tag::{self, Tag},
};

/// Text and tags, wherever they stand.
pub(super) fn pieces(template: &str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((at, raw)) = tag::next(rest) {
        push(&mut pieces, rest.get(..at).unwrap_or_default());
        pieces.push(Piece::Tag(mark(raw, Place::Line)));
        rest = rest.get(at + raw.len()..).unwrap_or_default();
    }
    push(&mut pieces, rest);
    pieces
}

/// Text and tags, where addresses of the web are links.
pub(super) fn with_links(template: &str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((at, length)) = next_address(rest) {
        pieces.extend(self::pieces(rest.get(..at).unwrap_or_default()));
        let address = rest.get(at..at + length).unwrap_or_default();
        pieces.push(Piece::Address { parts: address_parts(address), is_link: true });
        rest = rest.get(at + length..).unwrap_or_default();
    }
    pieces.extend(self::pieces(rest));
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

pub(super) fn mark(raw: &str, place: Place) -> Mark {
    Mark { tag: tag::read(raw), raw: raw.to_owned(), place }
}

/// Where the next address of the web begins, and how long it is with the tags in it.
fn next_address(text: &str) -> Option<(usize, usize)> {
    let at = ["https://", "http://"].iter().filter_map(|start| text.find(start)).min()?;
    // One that stands inside of a tag is a text of its own.
    if let Some((tag_at, raw)) = tag::next(text)
        && tag_at < at
    {
        let behind = tag_at + raw.len();
        return next_address(text.get(behind..)?).map(|(at, length)| (at + behind, length));
    }
    let mut length = 0;
    let rest = text.get(at..)?;
    while let Some(c) = rest.get(length..).and_then(|rest| rest.chars().next()) {
        if c.is_whitespace() || "<>\"".contains(c) {
            break;
        }
        let tag = tag::next(rest.get(length..)?).filter(|(at, _)| *at == 0);
        length += tag.map_or(c.len_utf8(), |(_, raw)| raw.len());
    }
    let address = rest.get(..length)?.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
    Some((at, address.len()))
}

/// An address in its parts; where each field stands decides how it is escaped.
pub(super) fn address_parts(address: &str) -> Vec<Part> {
    let (mut parts, mut before, mut rest) = (Vec::new(), String::new(), address);
    while let Some((at, raw)) = tag::next(rest) {
        let text = rest.get(..at).unwrap_or_default();
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        before.push_str(text);
        let tag = mark(raw, place_after(&before, parts.is_empty()));
        // Its value may end a name or a path: what follows is judged as if it were a word.
        before.push(if matches!(tag.tag, Tag::Field(_)) { 'x' } else { ' ' });
        parts.push(Part::Tag(tag));
        rest = rest.get(at + raw.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    parts
}

fn place_after(before: &str, is_first: bool) -> Place {
    if is_first {
        return Place::Address;
    }
    if before.contains(['?', '#']) {
        return Place::Query;
    }
    let behind_scheme = before.split_once("://").map_or("", |(_, rest)| rest);
    if is_web(before) && !behind_scheme.contains('/') { Place::Host } else { Place::Path }
}
