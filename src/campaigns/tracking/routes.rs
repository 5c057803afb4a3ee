//! `/o/{token}`: the picture that tells of an opened mail. `/c/{token}`: a link on its way to its target.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Agent, Hit, What, links, record};
use crate::{
    campaigns::{
        tokens::{self, Link},
        visitors::views::nothing_here,
    },
    web::{App, Result, Routes},
};

pub fn routes() -> Routes {
    Routes::public().get("/o/{token}", open).get("/c/{token}", click)
}

/// One pixel that nobody sees.
const PICTURE: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\
    \x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// Whoever asks gets the picture: a broken one would tell them something.
async fn open(
    State(app): State<App>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let token = token.strip_suffix(".gif").unwrap_or(&token);
    if let Some((to, _)) = tokens::read(&app.keys, token, Link::Open) {
        let by = Agent::of(&method, &headers);
        record(&app, Hit { to, what: What::Opened, by, at: app.clock.now() }).await;
    }
    let said = [
        (header::CONTENT_TYPE, "image/gif"),
        (header::CACHE_CONTROL, "no-store"),
        // It is shown in the pages of whoever reads mail in a browser.
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (said, PICTURE).into_response()
}

/// Leads where the broadcast said, and nowhere else.
async fn click(
    State(app): State<App>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let Some((to, Link::Click(position))) = tokens::read(&app.keys, &token, Link::Click(0)) else {
        return Ok(nothing_here());
    };
    let Some(target) = links::target(&app, to, position).await? else { return Ok(nothing_here()) };
    let by = Agent::of(&method, &headers);
    record(&app, Hit { to, what: What::Clicked(position), by, at: app.clock.now() }).await;
    Ok((StatusCode::FOUND, [(header::LOCATION, target), (header::CACHE_CONTROL, "no-store".into())])
        .into_response())
}
