//! What came back, as much of it as we read.

use http::{HeaderMap, StatusCode};
use url::Url;

use super::{Error, Kind, request::Keeps};

/// Bytes of an answer that a tenant may see.
const EXCERPT: usize = 1024;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it came from, after redirects.
    pub url: Url,
}

impl Answer {
    /// The beginning of the body as text: the most that may be shown to a tenant.
    pub fn excerpt(&self) -> String {
        let beginning = self.body.get(..EXCERPT).unwrap_or(&self.body);
        String::from_utf8_lossy(beginning).chars().filter(|c| !c.is_control() || *c == '\n').collect()
    }

    /// Reads what `keeps` says, and never more than `limit` bytes of what is unpacked.
    pub(super) async fn read(
        mut response: reqwest::Response,
        keeps: Keeps,
        limit: usize,
        origin: &str,
    ) -> Result<Self, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Error::of(error, origin))? {
            body.extend_from_slice(&chunk);
            if keeps == Keeps::Excerpt && body.len() >= EXCERPT {
                body.truncate(EXCERPT);
                break;
            }
            if body.len() > limit {
                return Err(Error::new(Kind::TooLarge, origin, &format!("more than {limit} bytes")));
            }
        }
        let url = response.url().clone();
        Ok(Self { status: response.status(), headers: std::mem::take(response.headers_mut()), body, url })
    }
}
