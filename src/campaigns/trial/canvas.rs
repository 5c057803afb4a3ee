//! The frame of a preview: the mail as somebody gets it, in a page of its own where nothing runs.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::Tried;
use crate::designs::merge::html::encoded;

/// Nothing runs in it and nothing is fetched but pictures.
const POLICY: &str = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; sandbox";

const PLAIN: &str = "<style>body{margin:0;background:#fff}pre,ul{margin:0;padding:24px;font:14px/1.55 ui-monospace,monospace;\
    white-space:pre-wrap;overflow-wrap:anywhere;color:#1f2430}ul{font-family:system-ui,sans-serif;padding-inline-start:40px}</style>";

pub(super) fn draw(tried: &Tried, is_text: bool) -> Response {
    let page = match tried {
        // The reader's own system does not decide what the others see.
        Ok(written) if !is_text => written
            .html
            .replacen("<title></title>", "<title>The e-mail</title>", 1)
            .replace("(prefers-color-scheme: dark)", "not all"),
        Ok(written) => plain("Text part", &format!("<pre>{}</pre>", encoded(&written.text))),
        Err(problems) => {
            let all: String = problems.iter().map(|one| format!("<li>{}</li>", encoded(&one.what))).collect();
            plain("It cannot be shown", &format!("<ul>{all}</ul>"))
        }
    };
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

fn plain(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title>{PLAIN}</head><body>{body}</body></html>"
    )
}
