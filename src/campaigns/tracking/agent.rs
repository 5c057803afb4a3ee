//! Who asks, by what the request says of itself.

use axum::http::{HeaderMap, Method, header};

/// Who asks for a picture or follows a link, as far as the request tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// Nothing speaks against a person.
    Person,
    /// A mail provider's own machine that fetches pictures when, or because, a person has the mail.
    Proxy(&'static str),
    /// Something that looks at mail for people, or for itself: why we think so.
    Machine(&'static str),
}

/// Fetch pictures for people who have opened the mail. In lower case.
const PROXIES: &[(&str, &str)] =
    &[("googleimageproxy", "Gmail"), ("yahoomailproxy", "Yahoo"), ("outlook-imageproxy", "Outlook.com")];

/// Parts of the names of programs that no person reads mail with. In lower case.
const MACHINES: &[&str] = &[
    "barracuda",
    "proofpoint",
    "mimecast",
    "safelinks",
    "forcepoint",
    "fireeye",
    "trendmicro",
    "symantec",
    "messagelabs",
    "sophos",
    "urlscan",
    "virustotal",
    "checkmark",
    "cloudmark",
    "bot",
    "crawler",
    "spider",
    "scanner",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "headless",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "curl/",
    "wget/",
    "python",
    "aiohttp",
    "httpx",
    "go-http-client",
    "java/",
    "apache-httpclient",
    "libwww",
    "node-fetch",
    "axios",
    "undici",
    "guzzlehttp",
    "scrapy",
    "ruby",
    "perl",
    "php/",
];

/// Apple's mail privacy fetches every picture under this name and no other.
const BARE: &str = "mozilla/5.0";

impl Agent {
    /// Who sent this request.
    pub fn of(method: &Method, headers: &HeaderMap) -> Self {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
            .iter()
            .any(|name| ["prefetch", "prerender", "preview"].iter().any(|word| said(name).contains(word)));
        match (method, is_ahead) {
            (&Method::HEAD, _) => Self::Machine("asked for the head only"),
            (_, true) => Self::Machine("fetched ahead"),
            _ => Self::named(said(header::USER_AGENT.as_str())),
        }
    }

    /// Who calls itself so.
    pub fn named(user_agent: &str) -> Self {
        let name = user_agent.trim().to_ascii_lowercase();
        if name.is_empty() {
            return Self::Machine("says nothing of itself");
        }
        if let Some((_, whose)) = PROXIES.iter().find(|(part, _)| name.contains(part)) {
            return Self::Proxy(whose);
        }
        if name == BARE {
            return Self::Proxy("Apple Mail");
        }
        match MACHINES.iter().find(|part| name.contains(**part)) {
            Some(part) => Self::Machine(part),
            None => Self::Person,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_use_browsers_and_mail_programs() {
        for name in [
            "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.1.0",
            "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
            "okhttp/4.12.0",
        ] {
            assert_eq!(Agent::named(name), Agent::Person, "{name}");
        }
    }

    #[test]
    fn scanners_libraries_and_whoever_says_nothing_are_machines() {
        for name in [
            "",
            "  ",
            "Barracuda Sentinel (EE)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0",
            "python-requests/2.32.0",
            "curl/8.5.0",
            "Go-http-client/2.0",
            "Slackbot-LinkExpanding 1.0",
            "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5",
        ] {
            assert!(matches!(Agent::named(name), Agent::Machine(_)), "{name}");
        }
    }

    #[test]
    fn a_providers_proxy_is_told_apart() {
        let google =
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
        assert_eq!(Agent::named(google), Agent::Proxy("Gmail"));
        assert_eq!(Agent::named("Mozilla/5.0"), Agent::Proxy("Apple Mail"));
    }

    #[test]
    fn what_only_looks_ahead_is_a_machine_whatever_its_name() {
        let browser = [("user-agent", "Mozilla/5.0 (X11) Chrome/156.0 Safari/537.36")];
        let of = |method: Method, more: &[(&'static str, &'static str)]| {
            let all = browser.iter().chain(more);
            let all = all.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            Agent::of(&method, &all.collect())
        };
        assert_eq!(of(Method::GET, &[]), Agent::Person);
        assert!(matches!(of(Method::HEAD, &[]), Agent::Machine(_)));
        for ahead in [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")] {
            assert!(matches!(of(Method::GET, &[ahead]), Agent::Machine(_)), "{ahead:?}");
        }
    }
}
