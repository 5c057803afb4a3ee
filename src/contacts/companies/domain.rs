//! Domains of companies, and those at which anybody may have an address.

use crate::email_address::EmailAddress;

/// Where anybody may have an address: who has one there works for nobody in particular.
const FREE: &[&str] = &[
    "126.com",
    "139.com",
    "163.com",
    "aol.com",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bluewin.ch",
    "btinternet.com",
    "charter.net",
    "comcast.net",
    "cox.net",
    "duck.com",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "hey.com",
    "icloud.com",
    "inbox.com",
    "interia.pl",
    "laposte.net",
    "libero.it",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "o2.pl",
    "online.de",
    "onet.pl",
    "orange.fr",
    "passport.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "t-online.de",
    "tiscali.it",
    "tuta.io",
    "tutanota.com",
    "uol.com.br",
    "verizon.net",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "ymail.com",
    "zoho.com",
];

/// The same, in every country in which they are.
const FREE_EVERYWHERE: &[&str] = &["gmx", "hotmail", "live", "outlook", "yahoo", "yandex"];

/// A domain as it is kept, out of what somebody types or pastes: an address of a page, a domain. None where that
/// is no domain.
pub fn parse(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let rest = typed.split_once("://").map_or(typed.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_host = host.contains('.') && !host.contains('@');
    let email = if is_host { EmailAddress::parse(&format!("x@{host}")) } else { None };
    email.map(|email| email.to_string()).and_then(|email| email.strip_prefix("x@").map(str::to_owned))
}

/// The domain of a company that an address tells of; none where anybody may have an address there.
pub fn of_address(address: &str) -> Option<&str> {
    let (_, domain) = address.rsplit_once('@')?;
    let first = domain.split('.').next().unwrap_or_default();
    let is_free = FREE.contains(&domain) || FREE_EVERYWHERE.contains(&first);
    (!is_free && domain.contains('.')).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_stands_in_the_address_of_a_page() {
        for (typed, kept) in [
            ("https://www.Acme.com/about?x=1", Some("acme.com")),
            (" shop.acme.co.uk:8080 ", Some("shop.acme.co.uk")),
            ("acme", None),
            ("mail@acme.com", None),
            ("ac me.com", None),
            ("", None),
        ] {
            assert_eq!(parse(typed).as_deref(), kept, "{typed}");
        }
    }

    #[test]
    fn where_anybody_has_an_address_nobody_works() {
        for free in ["a@gmail.com", "a@yahoo.co.jp", "a@hotmail.fr", "a@web.de", "a@localhost"] {
            assert_eq!(of_address(free), None, "{free}");
        }
        assert_eq!(of_address("a@peak-storage.test"), Some("peak-storage.test"));
    }
}
