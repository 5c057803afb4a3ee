//! `/w/{org}/contacts/imports/{import}/sheet`: reading another sheet of a workbook.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    ImportId,
    format::Format,
    looks::{self, Part},
    pieces, queries,
};
use crate::{
    audit::Entry,
    contacts::EditContacts,
    tenancy::{OrgTx, Scope},
    web::{App, Error, Form, OrNotFound, Result, Routes},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().post("/contacts/imports/{import}/sheet", choose)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SheetForm {
    /// Which one, counted from nought.
    sheet: usize,
}

async fn choose(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
    Form(form): Form<SheetForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    if import.started_at.is_some() || !["matching", "ready", "failed"].contains(&import.status.as_str()) {
        return Err(Error::NotFound);
    }
    let sheet = import.sheets.get(form.sheet).or_404()?;
    let part = Part { begins_at: sheet.offset, bytes: sheet.bytes };
    let bytes = beginning(&mut tx, id, part).await?;
    let (beginning, is_whole) = part.beginning(&bytes);
    let format = Format::with(beginning, b',', is_whole);
    looks::keep(&mut tx, (id, part), (&import.encoding, &format), now).await?;
    let chosen = Entry::new("imports.sheet_chosen").on("import", id, &import.file_name);
    tx.record(chosen.after(json!({ "sheet": sheet.name })), now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}/match"))).into_response())
}

/// The first bytes of a part.
async fn beginning(tx: &mut OrgTx, id: ImportId, part: Part) -> sqlx::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < looks::BEGINNING {
        let at = part.begins_at + i64::try_from(bytes.len()).unwrap_or(0);
        match pieces::from(tx, id, at).await? {
            Some(more) if !more.is_empty() => bytes.extend(more),
            _ => break,
        }
    }
    Ok(bytes)
}
