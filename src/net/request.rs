//! What is sent.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::Destination;

/// A request that is yet to be sent. [`super::Client::send`] sends it.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) destination: Destination,
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) follows: bool,
    pub(super) keeps: Keeps,
}

/// How much of the answer's body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// All of it; more than the limit is an error.
    Whole,
    /// Its beginning; what comes after is not waited for.
    Excerpt,
}

impl Request {
    pub fn new(method: Method, destination: Destination, url: impl Into<String>) -> Self {
        Self {
            destination,
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            follows: false,
            keeps: Keeps::Whole,
        }
    }

    pub fn get(destination: Destination, url: impl Into<String>) -> Self {
        Self::new(Method::GET, destination, url)
    }

    pub fn post(destination: Destination, url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new(Method::POST, destination, url) }
    }

    /// Something to look at, such as a picture or a page: up to three redirects are followed.
    pub fn fetch(destination: Destination, url: impl Into<String>) -> Self {
        Self { follows: true, ..Self::get(destination, url) }
    }

    /// A message to somebody's own server: of its answer only the status counts, and the beginning is kept.
    pub fn webhook(destination: Destination, url: impl Into<String>, json: impl Into<Vec<u8>>) -> Self {
        let request = Self { keeps: Keeps::Excerpt, ..Self::post(destination, url, json) };
        request.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
    }

    /// In place of what was set under this name before.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
