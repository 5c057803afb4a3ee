//! The frame of the editor: the mail as it will be, as somebody sees it.

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::page::Look;
use crate::designs::{
    document::Document,
    merge::{Compiled, MergeFields, Templates, Untracked, Values, html::encoded},
    render::{self, For, Rendered},
};

/// Nothing runs in it and nothing is fetched but pictures.
const POLICY: &str = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin";
const NO_IMAGES: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'; sandbox allow-same-origin";

/// Only in the editor: where something is still to be filled in.
const HOLES: &str = "<style>html{color-scheme:light}body{overflow-x:hidden}.gw-hole{background:repeating-linear-gradient(45deg,#f3f4f7,#f3f4f7 8px,#eceef3 8px,#eceef3 16px);border-radius:6px}img{min-height:16px}</style>";

/// Draws the document as somebody sees it for whom the fields hold these values.
pub(super) fn draw(
    document: &Document,
    look: &Look,
    (fields, values): (&MergeFields, &Values),
) -> anyhow::Result<Response> {
    let rendered = render::render(document, For::Editor)?;
    let (html, text) = filled(rendered, fields, values);
    let page = match look.view.as_str() {
        "text" => format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>Text part</title><style>body{{margin:0;background:#fff}}pre{{margin:0;padding:24px;font:14px/1.55 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;color:#1f2430}}</style></head><body><pre>{}</pre></body></html>",
            encoded(&text)
        ),
        "dark" => with_holes(&html.replace("(prefers-color-scheme: dark)", "all")),
        // The reader's own system does not decide what the others see.
        _ => with_holes(&html.replace("(prefers-color-scheme: dark)", "not all")),
    };
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    let policy = if look.view == "noimages" { NO_IMAGES } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

fn with_holes(html: &str) -> String {
    html.replacen("<title></title>", "<title>The e-mail</title>", 1).replacen(
        "</head>",
        &format!("{HOLES}</head>"),
        1,
    )
}

/// With the values in it. What cannot be compiled is shown with its tags, as the checks tell of it.
fn filled(rendered: Rendered, fields: &MergeFields, values: &Values) -> (String, String) {
    let templates = Templates { subject: "", html: &rendered.html, text: &rendered.text };
    let Ok(mail) = Compiled::new(templates, fields) else {
        return (rendered.html, rendered.text);
    };
    let html = mail.render_html(values, &Untracked).unwrap_or(rendered.html);
    (html, mail.render_text(values, &Untracked).unwrap_or(rendered.text))
}
