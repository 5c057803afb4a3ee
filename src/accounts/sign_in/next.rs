//! Where signing in leads: a path of ours, never another site.

/// The path when it is one of ours; the start page otherwise.
///
/// Browsers read `//`, `/\` and a tab or newline between as another host.
pub fn safe(path: &str) -> &str {
    let mut chars = path.chars();
    let starts_here = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    let is_plain = path.chars().all(|c| !c.is_control() && c != '\\' && !c.is_whitespace());
    if starts_here && is_plain && path.len() <= 2000 { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn only_a_path_of_ours_is_led_to() {
        for ours in ["/", "/w/acme/people?q=a%20b", "/account#x"] {
            assert_eq!(safe(ours), ours);
        }
        for theirs in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "https:evil.example",
            "/a\\..\\b",
            "evil",
            "/%0d\r\nSet-Cookie: x",
            "////evil.example",
            "/\u{2028}",
        ] {
            assert_eq!(safe(theirs), "/", "{theirs:?}");
        }
    }
}
