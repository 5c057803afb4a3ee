//! Templates as responses, and whether the browser wants the page or a part of it.

use std::convert::Infallible;

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
    response::{Html, IntoResponse, Response},
};

use super::Error;

/// An Askama template as a response.
pub struct View<T>(pub T);

impl<T: Template> IntoResponse for View<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            // One URL answers with two bodies, so caches must keep them apart.
            Ok(html) => ([(header::VARY, "HX-Request, HX-Request-Type")], Html(html)).into_response(),
            Err(error) => Error::from(error).into_response(),
        }
    }
}

/// What to send back: the whole page, or the part htmx will swap in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Page,
    Part,
}

impl Wants {
    pub fn of(parts: &Parts) -> Self {
        let says = |name, value| parts.headers.get(name).is_some_and(|said| said == value);
        // htmx 4 says `full` for boosted links; a history restore carries no HX-Request at all.
        if says("hx-request", "true") && says("hx-request-type", "partial") { Self::Part } else { Self::Page }
    }
}

impl<S: Sync> FromRequestParts<S> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}
