//! Which addresses a mail may lead to.

use url::Url;

/// Characters of an address; longer ones are cut by mail programs.
const LONGEST: usize = 4_000;

/// Why this is no address that a mail may lead to; `None` when it is one.
///
/// Looked at when it is typed, and again once the values of a contact stand in it.
pub fn fault(address: &str) -> Option<&'static str> {
    if address.len() > LONGEST {
        return Some("is too long");
    }
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || "\\<>\"'`{}|^".contains(c);
    if address.contains(is_odd) {
        return Some("holds a character that no address has");
    }
    let (scheme, rest) = address.split_once(':').unwrap_or(("", address));
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => web_fault(address, rest),
        "mailto" | "tel" if rest.is_empty() => Some("leads nowhere"),
        "mailto" if breaks_a_header(rest) => Some("holds a line break"),
        "mailto" => (!rest.contains('@')).then_some("is no e-mail address"),
        "tel" => {
            let is_number = rest.chars().all(|c| c.is_ascii_digit() || "+-.()%".contains(c));
            (!is_number).then_some("is no telephone number")
        }
        "" => Some("needs https:// in front"),
        _ => Some("must begin with https://, http://, mailto: or tel:"),
    }
}

fn web_fault(address: &str, rest: &str) -> Option<&'static str> {
    if !rest.starts_with("//") || rest.starts_with("///") {
        return Some("needs https:// in front");
    }
    let Ok(url) = Url::parse(address) else { return Some("is no address") };
    let authority = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Some("must not hold a user name");
    }
    url.host_str().is_none_or(str::is_empty).then_some("names no server")
}

fn breaks_a_header(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["%0a", "%0d", "%00"].iter().any(|code| text.contains(code))
}

/// Whether clicks on it can be counted.
pub fn is_web(address: &str) -> bool {
    let start = address.get(..8).unwrap_or(address).to_ascii_lowercase();
    start.starts_with("https://") || start.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_web_to_a_mailbox_or_to_a_telephone() {
        let fine = [
            "https://example.com",
            "http://example.com/a?b=c#d",
            "HTTPS://EXAMPLE.com/%0d%0a",
            "mailto:a@b.example",
            "mailto:a@b.example?subject=Hi%20you",
            "tel:+1-303-555-0142",
            "https://münchen.example/ü?ü=ü",
            "https://example.com/@somebody",
        ];
        for address in fine {
            assert_eq!(fault(address), None, "{address}");
        }
        let wrong = [
            "",
            "#",
            "/a",
            "//example.com",
            "example.com",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            " https://example.com",
            "https://example.com\r\nBcc: x",
            "java\nscript:alert(1)",
            "https:example.com",
            "https:/\\example.com",
            "https:\\\\example.com",
            "https://",
            "https:///example.com",
            "https://a@example.com",
            "https://a:b@example.com",
            "https://example.com:x",
            "ftp://example.com",
            "vbscript:x",
            "mailto:",
            "mailto:x",
            "mailto:a@b.example?subject=x%0d%0aBcc:c",
            "tel:",
            "tel:javascript",
            "blob:https://example.com",
            "\u{0}https://a.b",
            "https://exa mple.com",
            "file:///etc/passwd",
            "https://@example.com",
            "https://\u{202e}\n.example",
        ];
        for address in wrong {
            assert!(fault(address).is_some(), "{address:?}");
        }
    }
}
