//! The files that a browser fetches once: styles, scripts, fonts, icons.
//!
//! Made by `static/build.mjs` into `static/dist`; held inside the release binary, read from the folder
//! in development. The hash of all of them stands in every address, so that a browser may keep each for
//! ever and never has an old one.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::Error;

#[derive(RustEmbed)]
#[folder = "static/dist"]
struct Files;

static BUILD: LazyLock<String> = LazyLock::new(|| {
    let build = Files::get("build.txt").map(|file| String::from_utf8_lossy(&file.data).into_owned());
    build.unwrap_or_else(|| "unbuilt".to_owned())
});

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The address of a file in `static/dist`, such as `css/app.css`.
pub fn asset(path: &str) -> String {
    format!("/assets/{}/{path}", BUILD.as_str())
}

/// Answers with the smallest form of the file that the browser can read.
pub async fn serve(
    Path((build, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let Some(kind) = kind_of(&path) else { return Err(Error::NotFound) };
    let (data, encoding) = smallest(&path, &headers).ok_or(Error::NotFound)?;
    let etag = format!("\"{}-{}\"", BUILD.as_str(), encoding.unwrap_or("plain"));
    // An address of another build still gets today's file, but is not to be kept.
    let keep = if build == *BUILD { FOR_EVER } else { "no-cache" };
    let is_known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());

    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { data.into_owned().into_response() };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn smallest(path: &str, headers: &HeaderMap) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|one| {
            let (coding, quality) = one.split_once(';').unwrap_or((one, ""));
            coding.trim() == name && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(encoding)
            && let Some(file) = Files::get(&format!("{path}.{ending}"))
        {
            return Some((file.data, Some(encoding)));
        }
    }
    Files::get(path).map(|file| (file.data, None))
}

/// The kinds of file that are served; anything else is not there.
fn kind_of(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
