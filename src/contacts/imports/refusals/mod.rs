//! Lines that were refused, as they were, and why.

mod queries;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

pub(super) use queries::{forget_refusals as forget, reasons, refuse};

use super::{ImportId, queries::find};
use crate::{
    contacts::ViewContacts,
    csv,
    tenancy::Scope,
    web::{OrNotFound, Result, Routes},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/contacts/imports/{import}/refused", file)
}

/// The lines as a file with the reason in front. Cells that a spreadsheet would take for a formula begin with an
/// apostrophe (ASVS 1.2.10).
async fn file(scope: Scope<ViewContacts>, Path((_, id)): Path<(String, ImportId)>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let import = find(&mut tx, id).await?.or_404()?;
    let mut file = csv::MARK.to_owned();
    file += &csv::line(["Line", "Reason"].into_iter().map(str::to_owned).chain(import.headers()));
    let mut after = 0;
    loop {
        let rows = queries::refusals(&mut tx, id, after, 1000).await?;
        let Some((last, ..)) = rows.last() else { break };
        after = *last;
        for (line, reason, cells) in rows {
            file += &csv::line([line.to_string(), reason].into_iter().chain(cells));
        }
    }
    let name = format!("attachment; filename=\"refused-{id}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file).into_response())
}
