//! Rich text: a few elements, cleaned by a parser of HTML, and the same as plain text.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

use crate::designs::merge::{hide, hide_all, html, restore};

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(["b", "strong", "i", "em", "u", "a", "ul", "ol", "li", "br", "p"]))
        .clean_content_tags(HashSet::from(["script", "style", "title", "textarea", "iframe", "svg", "math"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        // An address that begins with a hidden merge field has no scheme yet.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    cleaner
});

/// What is left of `typed` when only the allowed elements are kept. Text without any element becomes
/// paragraphs, one for each empty line.
pub fn clean(typed: &str) -> String {
    let mut hidden = Vec::new();
    let text = hide(&typed.replace("\r\n", "\n"), &mut hidden);
    let text = if text.contains('<') { text } else { paragraphs(&text) };
    restore(CLEANER.clean(&text).to_string().trim(), &hidden, str::to_owned)
}

fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect::<Vec<_>>().join("\n")
}

/// For MJML, whose parser is one of XML: cleaned once more, its tags hidden, every element closed.
pub(super) fn for_mjml(kept: &str, hidden: &mut Vec<String>) -> String {
    let text = hide(kept, hidden);
    let html = CLEANER.clean(&text).to_string().replace("<br>", "<br />").replace("&nbsp;", "&#160;");
    let mut parts = html.split("href=\"");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (address, rest) = part.split_once('"').unwrap_or((part, ""));
        let address = restore(&html::decoded(address), hidden, str::to_owned);
        whole.push_str(&format!("href=\"{}\"{rest}", hide_all(&address, hidden)));
    }
    whole
}

/// The same words as plain text: paragraphs apart, links followed by where they lead.
pub fn plain(kept: &str) -> String {
    let mut hidden = Vec::new();
    let text = CLEANER.clean(&hide(kept, &mut hidden)).to_string().replace('\n', " ");
    let (mut out, mut href) = (String::new(), String::new());
    let mut counters: Vec<Option<usize>> = Vec::new();
    for part in text.split_inclusive('>') {
        let (words, tag) = part.split_once('<').unwrap_or((part, ""));
        let words = html::decoded(words);
        out.push_str(if out.ends_with('\n') || out.is_empty() { words.trim_start() } else { &words });
        match tag.trim_end_matches('>') {
            "p" | "/p" | "/ul" | "/ol" if tag.starts_with('/') => {
                if tag != "/p>" {
                    counters.pop();
                }
                break_line(&mut out, 2);
            }
            "ul" => counters.push(None),
            "ol" => counters.push(Some(0)),
            "li" => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                match counters.last_mut() {
                    Some(Some(n)) => {
                        *n += 1;
                        out.push_str(&format!("{n}. "));
                    }
                    _ => out.push_str("- "),
                }
            }
            "br" => out.push('\n'),
            "/a" if !href.is_empty() => {
                out.push_str(&format!(" ({})", std::mem::take(&mut href)));
            }
            tag => {
                if let Some(address) = tag.strip_prefix("a href=\"") {
                    href = html::decoded(address.trim_end_matches('"'));
                }
            }
        }
    }
    restore(out.trim(), &hidden, str::to_owned)
}

fn break_line(out: &mut String, lines: usize) {
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    if !out.is_empty() {
        out.push_str(&"\n".repeat(lines));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_cleaned_and_their_merge_fields_stay() {
        assert_eq!(
            clean("Hi {{ a | default(\"<b>\") }},\n\nwelcome"),
            "<p>Hi {{ a | default(\"<b>\") }},</p>\n<p>welcome</p>"
        );
        assert_eq!(clean("<p onclick=x>a<script>alert(1)</script><img src=x onerror=y></p>"), "<p>a</p>");
        assert_eq!(
            clean("<a href=\"javascript:x\">a</a><a href=\"{{ b }}\">b</a>"),
            "<a>a</a><a href=\"{{ b }}\">b</a>"
        );
        assert_eq!(clean("<b>open"), "<b>open</b>");
    }

    #[test]
    fn rich_text_reads_as_plain_text() {
        let kept = "<p>Hi <b>you</b> &amp; me,</p><ul><li>one</li><li>two</li></ul><ol><li>x</li></ol><p>See <a href=\"https://a.example/?b=1&amp;c=2\">here</a>.<br>Bye</p>";
        assert_eq!(
            plain(kept),
            "Hi you & me,\n\n- one\n- two\n\n1. x\n\nSee here (https://a.example/?b=1&c=2).\nBye"
        );
    }
}
