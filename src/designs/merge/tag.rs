//! Finding `{{ … }}` and `{% … %}`, and hiding them from what would mangle them.

/// What a tag says, its marks taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Field(String),
    If(String),
    Elif(String),
    Else,
    Endif,
    /// Not understood: what is wrong with it.
    Broken(String),
}

/// The beginning of the next tag in `text`, and behind it the whole tag with its marks.
///
/// A tag without its end takes the rest of the text.
pub(super) fn next(text: &str) -> Option<(usize, &str)> {
    let at = text.match_indices('{').find(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%')));
    let (at, _) = at?;
    let rest = text.get(at..)?;
    let end = if rest.starts_with("{{") { "}}" } else { "%}" };
    let length = rest.get(2..)?.find(end).map_or(rest.len(), |found| found + 4);
    Some((at, rest.get(..length)?))
}

/// What a tag with its marks says.
pub(super) fn read(tag: &str) -> Tag {
    let is_field = tag.starts_with("{{");
    let end = if is_field { "}}" } else { "%}" };
    let Some(inner) = tag.get(2..).and_then(|inner| inner.strip_suffix(end)).map(str::trim) else {
        return Tag::Broken(format!("This tag has no {end} at its end."));
    };
    if is_field {
        return Tag::Field(inner.to_owned());
    }
    let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    match (word, rest.trim()) {
        ("if", "") | ("elif", "") => Tag::Broken("This condition says nothing to decide by.".to_owned()),
        ("if", rest) => Tag::If(rest.to_owned()),
        ("elif", rest) => Tag::Elif(rest.to_owned()),
        ("else", "") => Tag::Else,
        ("endif", "") => Tag::Endif,
        _ => Tag::Broken("Only if, elif, else and endif are understood here.".to_owned()),
    }
}

/// Characters of an alphabet that nobody writes any more stand around the number of what is hidden. They
/// are printable: mrml writes attributes as Rust's `Debug` does, and anything else comes out escaped.
const OPEN: char = '\u{169B}';
const CLOSE: char = '\u{169C}';

/// Without the characters that [`hide`] uses.
pub fn without_marks(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// Takes every tag out of `text` and leaves a mark that HTML, MJML and CSS pass on unchanged.
pub fn hide(text: &str, hidden: &mut Vec<String>) -> String {
    let text = without_marks(text);
    let (mut left, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some((at, tag)) = next(rest) {
        left.push_str(rest.get(..at).unwrap_or_default());
        left.push_str(&format!("{OPEN}{}{CLOSE}", hidden.len()));
        hidden.push(tag.to_owned());
        rest = rest.get(at + tag.len()..).unwrap_or_default();
    }
    left + rest
}

/// Takes all of `text` out, words and tags alike, for attributes.
pub fn hide_all(text: &str, hidden: &mut Vec<String>) -> String {
    hidden.push(without_marks(text));
    format!("{OPEN}{}{CLOSE}", hidden.len() - 1)
}

/// Puts what is hidden back, each as `written` says.
pub fn restore(text: &str, hidden: &[String], written: impl Fn(&str) -> String) -> String {
    let mut parts = text.split(OPEN);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(CLOSE).unwrap_or(("", part));
        if let Some(tag) = number.parse::<usize>().ok().and_then(|number| hidden.get(number)) {
            whole.push_str(&written(tag));
        }
        whole.push_str(rest);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_hidden_and_come_back() {
        let mut hidden = Vec::new();
        let text = "Hi {{ a | default(\"<b>\") }}, {% if b %}x{% endif %} {# c {{ open";
        let left = hide(text, &mut hidden);
        assert!(!left.contains("{{") && !left.contains("{%") && left.contains("{# c"), "{left}");
        assert_eq!(restore(&left, &hidden, str::to_owned), text);
        assert_eq!(hide("\u{169B}0\u{169C}", &mut Vec::new()), "0", "nobody types a mark");
        assert!(
            matches!(read("{{ open"), Tag::Broken(_)) && matches!(read("{% for x in y %}"), Tag::Broken(_))
        );
    }
}
