//! The pages under `/dev/mailbox`, and one answer for tests.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    queries,
    reading::Reading,
    views::{Index, Show, Tab},
};
use crate::{
    mail::{self, MailId},
    web::{
        App, Form, OrNotFound, Result, Routes, Shell, View,
        page::{Cursor, Going},
    },
};

/// A message runs nothing and asks nobody for anything; its links open outside of it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
    sandbox allow-popups allow-popups-to-escape-sandbox";

pub fn routes() -> Routes {
    Routes::development()
        .get("/dev/mailbox", index)
        .get("/dev/mailbox/latest", latest)
        .post("/dev/mailbox/deletion", delete)
        .get("/dev/mailbox/{id}", show)
        .get("/dev/mailbox/{id}/html", html)
        .post("/dev/mailbox/{id}/retry", retry)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    before: Option<String>,
    after: Option<String>,
}

async fn index(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let search = asked.q.trim();
    let (from, going) = match (&asked.before, &asked.after) {
        (Some(before), _) => (Cursor::decode(before), Going::Back),
        (None, after) => (after.as_deref().and_then(Cursor::decode), Going::Forward),
    };
    let page = queries::page(&mut *app.db.connection().await?, search, from, going).await?;

    let sends = app.config.smtp_url.is_some();
    Ok(View(Index { shell: shell(), search: search.to_owned(), page, sends }).into_response())
}

/// The mailbox belongs to the installation, not to whoever happens to be signed in.
fn shell() -> Shell {
    Shell { dev: true, shortcuts_on: true, section: "mailbox".to_owned(), ..Shell::visitor(String::new()) }
}

#[derive(Deserialize)]
struct WhichTab {
    #[serde(default)]
    tab: Tab,
}

async fn show(
    State(app): State<App>,
    Path(id): Path<MailId>,
    Query(asked): Query<WhichTab>,
) -> Result<Response> {
    let stored = queries::find(&mut *app.db.connection().await?, id).await?.or_404()?;

    let reading = Reading::of(&stored.source);
    let sends = app.config.smtp_url.is_some();
    Ok(View(Show { shell: shell(), stored, reading, tab: asked.tab, sends }).into_response())
}

/// The HTML of a message, for the frame on its page.
async fn html(State(app): State<App>, Path(id): Path<MailId>) -> Result<Response> {
    let stored = queries::find(&mut *app.db.connection().await?, id).await?.or_404()?;

    let mut response = Html(Reading::of(&stored.source).framed_html()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

#[derive(Deserialize)]
struct Whose {
    to: String,
}

/// The newest message to an address, as data.
async fn latest(State(app): State<App>, Query(whose): Query<Whose>) -> Result<Response> {
    let to = whose.to.trim().to_lowercase();
    let stored = queries::latest(&mut *app.db.connection().await?, &to).await?.or_404()?;

    let reading = Reading::of(&stored.source);
    let told = json!({
        "id": stored.id,
        "kind": stored.kind,
        "to": stored.recipient,
        "subject": reading.subject,
        "text": reading.text,
        "html": reading.html,
        "links": reading.links(),
        "status": stored.status,
        "created_at": stored.created_at,
    });
    Ok(Json(told).into_response())
}

#[derive(Deserialize)]
struct Deletion {
    #[serde(default)]
    id: Vec<uuid::Uuid>,
    #[serde(default)]
    everything: bool,
}

async fn delete(State(app): State<App>, Form(deletion): Form<Deletion>) -> Result<Redirect> {
    let mut conn = app.db.connection().await?;
    if deletion.everything {
        queries::delete_all(&mut conn).await?;
    } else {
        queries::delete(&mut conn, &deletion.id).await?;
    }
    Ok(Redirect::to("/dev/mailbox"))
}

/// Puts a message back in the queue. Without a mail server nothing would take it out again.
pub async fn send_again(app: &App, conn: &mut PgConnection, id: MailId) -> Result<()> {
    app.config.smtp_url.as_ref().or_404()?;
    queries::retry(conn, id).await?.then_some(()).or_404()?;
    Ok(mail::order(conn, id).await?)
}

async fn retry(State(app): State<App>, Path(id): Path<MailId>) -> Result<Redirect> {
    let mut tx = app.db.begin().await?;
    send_again(&app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/dev/mailbox/{id}")))
}
