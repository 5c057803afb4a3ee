//! `/admin/mailbox`.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;

use super::views::{Index, Show};
use crate::{
    admin::{ViewMail, frame::frame, list::ListQuery},
    audit::Entry,
    mail::{MailId, mailbox},
    tenancy::PlatformScope,
    web::{App, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::platform()
        .get("/admin/mailbox", index)
        .get("/admin/mailbox/{id}", show)
        .post("/admin/mailbox/{id}/retry", retry)
}

async fn index(
    scope: PlatformScope<ViewMail>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let mut conn = app.db.connection().await?;
    let page = mailbox::page(&mut conn, query.q.trim(), query.cursor(), query.going()).await?;
    drop(conn);
    let shell = frame(&app, &scope, "mailbox").await?;
    let sends = app.config.smtp_url.is_some();
    Ok(View(Index { shell, query, page, sends, reader: scope.user }).into_response())
}

async fn show(
    scope: PlatformScope<ViewMail>,
    State(app): State<App>,
    Path(id): Path<MailId>,
) -> Result<Response> {
    let stored = mailbox::find(&mut *app.db.connection().await?, id).await?.or_404()?;
    let headers = mailbox::headers(&stored.source);
    let shell = frame(&app, &scope, "mailbox").await?;
    let sends = app.config.smtp_url.is_some();
    Ok(View(Show { shell, stored, headers, sends, reader: scope.user }).into_response())
}

async fn retry(
    scope: PlatformScope<ViewMail>,
    State(app): State<App>,
    Path(id): Path<MailId>,
) -> Result<Response> {
    let stored = mailbox::find(&mut *app.db.connection().await?, id).await?.or_404()?;
    let mut tx = scope.enter().await?;
    mailbox::send_again(&app, tx.conn(), id).await?;
    tx.record(Entry::new("mail.retried").on("message", id, &stored.kind), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "The message is on its way again.").await?;
    Ok(Redirect::to(&format!("/admin/mailbox/{id}")).into_response())
}
