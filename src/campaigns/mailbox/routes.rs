//! `/w/{org}/campaigns/{campaign}/mailbox`: what a campaign has put into the built-in mailbox, as whoever got
//! it reads it.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{KeptId, may_read, queries, views};
use crate::{
    campaigns::{Broadcast, CampaignId, EditCampaigns, broadcast},
    mail::mailbox::{Reading, Tab},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{
        App, Error, OrNotFound, Result, Routes, View,
        page::{Cursor, Going},
    },
};

/// A message runs nothing; its pictures are fetched, and its links open outside of it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; \
    sandbox allow-popups allow-popups-to-escape-sandbox";

pub(in crate::campaigns) fn routes() -> Routes {
    Routes::workspace()
        .get("/campaigns/{campaign}/mailbox", index)
        .get("/campaigns/{campaign}/mailbox/{mail}", show)
        .get("/campaigns/{campaign}/mailbox/{mail}/html", html)
}

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct KeptQuery {
    q: String,
    after: String,
    before: String,
}

impl KeptQuery {
    fn place(&self) -> (Option<Uuid>, Going) {
        let (cursor, going) =
            if self.before.is_empty() { (&self.after, Going::Forward) } else { (&self.before, Going::Back) };
        (Cursor::decode(cursor).map(|cursor| cursor.id), going)
    }

    fn pattern(&self) -> String {
        let literal = self.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }
}

/// The campaign, for those who may read its mail.
async fn found(tx: &mut OrgTx, scope: &Scope<EditCampaigns>, id: CampaignId) -> Result<Broadcast> {
    if !may_read(&scope.member) {
        return Err(Error::NotFound);
    }
    broadcast::of_campaign(tx, id).await?.or_404()
}

async fn index(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Query(query): Query<KeptQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let broadcast = found(&mut tx, &scope, id).await?;
    let page = queries::page(&mut tx, (broadcast.id, &query.pattern()), query.place()).await?;
    drop(tx);
    let view = views::Index {
        shell: frame(&app, &scope, "campaigns").await?,
        path: scope.member.link(&format!("/campaigns/{id}")),
        campaign: broadcast.name,
        q: query.q.trim().to_owned(),
        page,
        me: scope.member.user.clone(),
    };
    Ok(View(view).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WhichTab {
    tab: Tab,
}

async fn show(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id, mail)): Path<(String, CampaignId, KeptId)>,
    Query(asked): Query<WhichTab>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let broadcast = found(&mut tx, &scope, id).await?;
    let message = queries::message(&mut tx, broadcast.id, mail).await?.or_404()?;
    drop(tx);
    let path = scope.member.link(&format!("/campaigns/{id}/mailbox"));
    let view = views::Show {
        shell: frame(&app, &scope, "campaigns").await?,
        here: format!("{path}/{mail}"),
        path,
        campaign: broadcast.name,
        reading: Reading::of(&message.source),
        recipient: message.recipient,
        kept_at: message.kept_at,
        tab: asked.tab,
        me: scope.member.user.clone(),
    };
    Ok(View(view).into_response())
}

/// The HTML of a message, for the frame on its page. Looking at it here opens nothing: the picture that would
/// tell of it is not fetched.
async fn html(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id, mail)): Path<(String, CampaignId, KeptId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let broadcast = found(&mut tx, &scope, id).await?;
    let message = queries::message(&mut tx, broadcast.id, mail).await?.or_404()?;
    let page = Reading::of(&message.source).framed_html();
    let unseen = page.replace(&format!("src=\"{}/o/", app.config.base_url), "src=\"data:,");
    let mut response = Html(unseen).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
