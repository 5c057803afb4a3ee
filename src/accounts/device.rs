//! The browser somebody uses: what it calls itself, and whether they signed in with it before.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use data_encoding::BASE64URL_NOPAD;

use super::UserId;
use crate::{
    crypto::Purpose,
    web::{App, ClientAddress},
};

/// A cookie of this name says who signed in with this browser before. It signs nobody in.
const COOKIE: &str = "gw-device";

/// The browser that sent a request, and from where.
#[derive(Clone, Debug)]
pub struct CurrentDevice {
    /// Such as `Firefox on Windows`.
    pub words: String,
    pub address: ClientAddress,
    known: Option<String>,
}

impl CurrentDevice {
    /// What marks this browser, when this person signed in with it before.
    pub fn known_to(&self, app: &App, user: UserId) -> Option<&str> {
        let mark = self.known.as_deref()?;
        let bytes = BASE64URL_NOPAD.decode(mark.as_bytes()).ok()?;
        let (name, signature) = bytes.split_first_chunk::<16>()?;
        app.keys.verify(Purpose::KnownDevice, &[user.0.as_bytes(), name], signature).then_some(mark)
    }

    /// The cookie that marks this browser as one of this person's, under a name of its own: each has its
    /// own limit on guessing.
    pub fn mark(app: &App, user: UserId) -> Cookie<'static> {
        let name = uuid::Uuid::new_v4();
        let signature = app.keys.sign(Purpose::KnownDevice, &[user.0.as_bytes(), name.as_bytes()]);
        let mark = [name.as_bytes().as_slice(), &signature].concat();
        Cookie::build((app.config.cookie_name(COOKIE), BASE64URL_NOPAD.encode(&mark)))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(app.config.is_https())
            .max_age(time::Duration::days(365))
            .build()
    }
}

impl FromRequestParts<App> for CurrentDevice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let address = ClientAddress::from_request_parts(parts, app).await?;
        let agent =
            parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let jar = CookieJar::from_headers(&parts.headers);
        let known = jar.get(&app.config.cookie_name(COOKIE)).map(|cookie| cookie.value().to_owned());
        Ok(Self { words: in_words(agent), address, known })
    }
}

/// Browsers claim to be each other: the first of these that is named is the one.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn in_words(agent: &str) -> String {
    let find = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "An unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_browser_is_called_what_its_owner_calls_it() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
                "Chrome on Linux",
            ),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.9", "An unknown device"),
        ] {
            assert_eq!(in_words(agent), words);
        }
    }
}
