//! `/v/{token}`: a mail as a page, for who sees it badly in their mail program.

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    Guest, Read, TRIAL, queries,
    views::{nothing_here, trial},
};
use crate::{
    campaigns::{
        letter::{Letter, Links, Organization},
        tokens::Link,
    },
    designs::people,
    orgs::brand,
    web::{App, Result, Routes},
};

pub fn routes() -> Routes {
    Routes::public().get("/v/{token}", show)
}

/// Nothing runs in it, and nothing is fetched but pictures; links lead out of it.
const POLICY: &str = "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox \
    allow-top-navigation-by-user-activation";

/// A browser asks for one otherwise, which the sandbox refuses.
const NO_ICON: &str = "<link rel=\"icon\" href=\"data:,\">";

async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    if token == TRIAL {
        return Ok(trial());
    }
    let Some(guest) = Guest::with(&app, &token, Link::View).await? else { return Ok(nothing_here()) };
    let Some(html) = html(&app, &guest).await? else { return Ok(nothing_here()) };
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

/// The mail as it was written to this guest.
async fn html(app: &App, guest: &Guest) -> Result<Option<String>> {
    let mut tx = guest.enter::<Read>(app).await?;
    let sent = queries::sent(&mut tx, guest.broadcast, guest.to.contact).await?;
    let Some(sent) = sent else { return Ok(None) };
    let fields = people::fields(&mut tx).await?;
    let organization = Organization { name: brand::known_as(app, &mut tx).await?.name, address: sent.postal };
    let (said, parts) =
        ((sent.subject.as_str(), sent.preview_text.as_str()), (sent.html.as_str(), sent.text.as_str()));
    // A field that was removed since leaves a mail that cannot be written any more.
    let Ok(letter) = Letter::new(said, parts, &organization, &fields) else { return Ok(None) };
    let (keys, base_url) = (&app.keys, app.config.base_url.as_str());
    let links = Links::For { to: guest.to, keys, base_url, opens: false, clicks: sent.track_clicks };
    let written = letter.write(sent.merge, links).map_err(anyhow::Error::from)?;
    let title = crate::designs::merge::html::encoded(&written.subject);
    Ok(Some(written.html.replacen("<title></title>", &format!("<title>{title}</title>{NO_ICON}"), 1)))
}
