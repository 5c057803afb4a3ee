//! `/w/{org}/contacts/exports`: ordering a file, how far it is, fetching it.

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{ExportId, queries, views, work::RunExport};
use crate::{
    audit::Entry,
    contacts::{
        ExportContacts,
        segments::Behaviours,
        table::{self, ListQuery},
    },
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, Error, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/exports", index)
        .post("/contacts/exports", create)
        .get("/contacts/exports/{export}", show)
        .post("/contacts/exports/{export}/file", file)
        .post("/contacts/exports/{export}/stop", stop)
        .post("/contacts/exports/{export}/start", start)
}

async fn index(scope: Scope<ExportContacts>, State(app): State<App>) -> Result<Response> {
    let exports = queries::recent(&mut scope.enter().await?).await?;
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index { shell, list: views::List::new(&scope.member, exports) }).into_response())
}

async fn show(
    scope: Scope<ExportContacts>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ExportId)>,
) -> Result<Response> {
    let export = queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    let list = views::List::new(&scope.member, vec![export.clone()]);
    if wants == Wants::Part {
        return Ok(View(views::Standing { list, export }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Show { shell, list, export }).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderForm {
    /// The query part of the list's address.
    view: String,
    /// `view` for the columns of the list; anything else for all there are.
    columns: String,
}

async fn create(
    scope: Scope<ExportContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Form(form): Form<OrderForm>,
) -> Result<Response> {
    let (id, now) = (ExportId::new(), app.clock.now());
    let mut query = ListQuery::of(&form.view);
    let mut tx = scope.enter().await?;
    let filter = query.understand(&mut tx, behaviours, now).await?;
    let view = query.view();
    if filter.is_some_and(|filter| filter.is_incomplete) || view.len() > 20_000 {
        drop(tx);
        flash::say_error(&scope.session, "Complete the filter first. No file was made.").await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts?{view}"))).into_response());
    }
    let people = table::count(&mut tx, &query).await?;
    let has_view_columns = form.columns == "view";
    queries::insert(&mut tx, id, (&view, has_view_columns, people), (scope.member.user.id.0, now)).await?;
    order(&mut tx, &scope, id).await?;
    let entry = Entry::new("exports.ordered").on("export", id, "Contacts");
    tx.record(
        entry.after(json!({ "view": view, "people": people, "columns_of_view": has_view_columns })),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/exports/{id}"))).into_response())
}

async fn order(tx: &mut OrgTx, scope: &Scope<ExportContacts>, id: ExportId) -> Result<()> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), requested_by: Some(scope.member.user.id.0), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &RunExport { export: id.0 }, order).await.map_err(anyhow::Error::from)?;
    Ok(())
}

async fn start(
    scope: Scope<ExportContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ExportId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::find(&mut tx, id).await?.or_404()?;
    let is_moved = queries::step(&mut tx, id, (&["failed", "cancelled"], "running")).await?;
    if is_moved {
        order(&mut tx, &scope, id).await?;
    }
    moved(&app, scope, tx, (id, is_moved.then_some("exports.started"))).await
}

async fn stop(
    scope: Scope<ExportContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ExportId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::find(&mut tx, id).await?.or_404()?;
    let is_moved = queries::step(&mut tx, id, (&["running"], "cancelled")).await?;
    moved(&app, scope, tx, (id, is_moved.then_some("exports.stopped"))).await
}

/// Writes down what was done; says so where somebody else, or the end, was quicker.
async fn moved(
    app: &App,
    scope: Scope<ExportContacts>,
    mut tx: OrgTx,
    (id, action): (ExportId, Option<&'static str>),
) -> Result<Response> {
    if let Some(action) = action {
        tx.record(Entry::new(action).on("export", id, "Contacts"), app.clock.now()).await?;
        tx.commit().await?;
    } else {
        drop(tx);
        flash::say(&scope.session, "It had already moved on. Here is how far it is.").await?;
    }
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/exports/{id}"))).into_response())
}

/// The file, read piece by piece while it is sent: it may be bigger than the memory. A POST, for it is written down
/// who fetched it, and whoever only looks may not.
async fn file(
    scope: Scope<ExportContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ExportId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let export = queries::find(&mut tx, id).await?.or_404()?;
    if !export.is("done") || export.expires_at.is_none_or(|at| at <= now) {
        return Err(Error::NotFound);
    }
    tx.record(Entry::new("exports.fetched").on("export", id, "Contacts"), now).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"contacts-{}.csv\"", export.created_at.format("%Y-%m-%d"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, export.size_bytes.to_string()),
    ];
    let pieces = futures_util::stream::try_unfold((scope, 0), move |(scope, at)| async move {
        let piece = queries::piece(&mut scope.enter().await?, id, at).await?;
        Ok::<_, sqlx::Error>(piece.map(|bytes| (Bytes::from(bytes), (scope, at + 1))))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}
