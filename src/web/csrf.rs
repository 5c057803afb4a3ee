//! The form token: a second wall, beside the check of where a request came from, on the forms that
//! sign somebody in or change how they do.
//!
//! The browser holds a random cookie; a form holds a keyed hash of it. Another site can make the
//! browser send the cookie, but can neither read nor compute the hash.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use data_encoding::BASE64URL_NOPAD;

use super::{App, Error};
use crate::crypto::{Purpose, Token};

/// The token that belongs to the browser which sent this request.
#[derive(Clone, Debug)]
pub struct FormToken(String);

impl FormToken {
    /// For the hidden field `_csrf`.
    pub fn value(&self) -> String {
        self.0.clone()
    }

    /// Refuses a form that does not carry this browser's token.
    pub fn check(&self, sent: &str) -> Result<(), Error> {
        use subtle::ConstantTimeEq;
        if self.0.as_bytes().ct_eq(sent.as_bytes()).into() { Ok(()) } else { Err(Error::StaleForm) }
    }
}

impl<S: Sync> FromRequestParts<S> for FormToken {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get().cloned().ok_or(Error::StaleForm)
    }
}

/// Gives every browser its cookie, and every request its [`FormToken`].
pub async fn form_token(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Error> {
    let name = app.config.cookie_name("gw-form");
    let jar = CookieJar::from_headers(request.headers());
    let known = jar.get(&name).map(|cookie| cookie.value().to_owned()).filter(|value| value.len() == 43);
    let nonce = match &known {
        Some(nonce) => nonce.clone(),
        None => Token::random().map_err(|error| Error::Other(anyhow::anyhow!(error)))?.as_str().to_owned(),
    };
    let token = app.keys.sign(Purpose::FormToken, &[nonce.as_bytes()]);
    request.extensions_mut().insert(FormToken(BASE64URL_NOPAD.encode(&token)));

    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if known.is_none() && is_page {
        let cookie = Cookie::build((name, nonce))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(app.config.is_https())
            .build();
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}
