//! `/w/{org}/contacts/{contact}/privacy`: what is kept of somebody, and handing it out.

use axum::{
    Extension,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{everything, file_name, pack::pack, views};
use crate::{
    audit::Entry,
    contacts::{self, ProtectContacts},
    orgs::frame::frame,
    personal::Holdings,
    privacy::erasing,
    tenancy::Scope,
    web::{App, OrNotFound, Result, Routes, View},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/{contact}/privacy", show)
        .post("/contacts/{contact}/privacy/copy", copy)
}

async fn show(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Extension(holdings): Extension<Holdings>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    page(&app, &scope, &holdings, id, ("", "")).await
}

/// The page of what is kept of somebody, with what was typed to erase them and what is wrong with it.
pub(in crate::privacy) async fn page(
    app: &App,
    scope: &Scope<ProtectContacts>,
    holdings: &Holdings,
    id: Uuid,
    (typed, error): (&str, &str),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    contacts::record::find(&mut tx, id.into()).await?.or_404()?;
    let who = contacts::personal::find(&mut tx, id, app.clock.now()).await?;
    let parts = everything(&mut tx, holdings, &who).await?;
    let open = erasing::open(&mut tx, id).await?;
    drop(tx);
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Show {
        shell: frame(app, scope, "contacts").await?,
        path: scope.member.link(&format!("/contacts/{id}")),
        name: who.name.clone(),
        counts: parts.iter().map(views::Count::of).collect(),
        wanted: contacts::personal::confirmation(&who).to_owned(),
        typed: typed.to_owned(),
        error: error.to_owned(),
        erasure: open
            .map(|id| scope.member.link(&format!("/settings/data/erasures/{id}")))
            .unwrap_or_default(),
    };
    Ok((status, View(page)).into_response())
}

/// Everything about one person is little: it is put together at once, and who asked for it is written down.
async fn copy(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Extension(holdings): Extension<Holdings>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    contacts::record::find(&mut tx, id.into()).await?.or_404()?;
    let who = contacts::personal::find(&mut tx, id, now).await?;
    let parts = everything(&mut tx, &holdings, &who).await?;
    tx.record(Entry::new("contacts.handed_out").on("contact", id, &who.name), now).await?;
    tx.commit().await?;
    let (workspace, made) = (&scope.member.access.name, scope.member.user.date_and_time(now));
    let zip = pack(&views::Page { who: &who, workspace, made, parts: &parts }, &parts)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file_name(id))),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, zip).into_response())
}
