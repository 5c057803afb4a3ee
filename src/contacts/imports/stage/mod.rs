//! Lines on their way in: copied into a table of the transaction's own, compared with who is there, and
//! written set by set.

pub(super) mod finding;
mod queries;

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Counts, Import, ImportId, KnownBy, lines::Line};
use crate::{
    contacts::{
        identities,
        standing::{self, Cause},
        tags::wearing::{self, By},
    },
    tenancy::OrgTx,
};

/// What to do with lines, and on whose behalf.
pub struct Order<'a> {
    pub import: &'a Import,
    pub by: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// Lines as PostgreSQL copies them in: a line each, tabs between the columns.
fn copy_text(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.len() * 160);
    for line in lines {
        let _ = write!(text, "{}\t{}\t", line.number, Uuid::now_v7());
        escape(&mut text, &line.email);
        let more = [&line.stage, &line.lead_status, &line.key, &line.external_id];
        for value in line.values.iter().chain(more) {
            text.push('\t');
            escape(&mut text, value);
        }
        text.push('\t');
        // A map of text and JSON is always JSON.
        escape(&mut text, &serde_json::to_string(&line.custom).unwrap_or_else(|_| "{}".to_owned()));
        text.push('\n');
    }
    text
}

/// Values hold no control signs (`tidy`), so that a backslash is all there is to escape.
fn escape(text: &mut String, value: &str) {
    if value.contains('\\') { text.push_str(&value.replace('\\', "\\\\")) } else { text.push_str(value) }
}

/// Copies lines in and compares them with who is there. Gives those that are no good, with why.
async fn load(tx: &mut OrgTx, order: &Order<'_>, lines: &[Line]) -> sqlx::Result<Vec<(u64, String)>> {
    let Import { mode, known_by, .. } = order.import;
    queries::open(tx).await?;
    queries::copy(tx, &copy_text(lines)).await?;
    if *known_by == KnownBy::Email {
        queries::find(tx).await?;
    } else {
        finding::find(tx, *known_by, mode).await?;
    }
    let mut refused = Vec::new();
    let has_ids = order.import.mapping.iter().any(|key| key == "external_id");
    if has_ids {
        finding::look_at_ids(tx, mode).await?;
    }
    if has_ids || *known_by != KnownBy::Email {
        refused = finding::take_refused(tx).await?;
    }
    queries::compare(tx, mode, order.import.owner).await?;
    Ok(refused)
}

/// What importing these lines would do, and those that are no good.
pub async fn look(
    tx: &mut OrgTx,
    order: &Order<'_>,
    lines: &[Line],
) -> sqlx::Result<(Counts, Vec<(u64, String)>)> {
    let refused = load(tx, order, lines).await?;
    Ok((queries::count(tx).await?, refused))
}

/// Imports these lines, none of which has another's key, but those that are no good.
pub async fn write(
    tx: &mut OrgTx,
    order: &Order<'_>,
    lines: &[Line],
) -> sqlx::Result<(Counts, Vec<(u64, String)>)> {
    let refused = load(tx, order, lines).await?;
    let counts = queries::count(tx).await?;
    let id: ImportId = order.import.id;
    if order.import.mode != "add" {
        let owner = order.import.owner;
        let is_moving = order.import.mode == "overwrite" || owner.is_some();
        let moved = if is_moving { queries::moved(tx, &order.import.mode, owner).await? } else { Vec::new() };
        queries::change(tx, id, (&order.import.mode, owner), order.now).await?;
        standing::tell(tx, &moved, Cause { what: "import", by: order.by, at: order.now }).await?;
    }
    let (source, by) = (format!("Import of {}", order.import.file_name), order.by);
    queries::add(tx, id, (&source, by, order.import.owner), order.now).await?;
    let touched = queries::touched(tx).await?;
    identities::step::follow(tx, &touched, order.now).await?;
    if order.import.mapping.iter().any(|key| key == "external_id") {
        finding::keep_ids(tx, order.now).await?;
    }
    if let Some(list) = order.import.list {
        queries::fill_list(tx, list, &format!("import {id}"), order.now).await?;
    }
    if let Some(tag) = order.import.tag {
        let whom = queries::people(tx).await?;
        let by = By { source: &source, person: None };
        wearing::put_on(tx, tag, &whom, by, order.now).await?;
    }
    if order.import.consent_state == "granted" {
        queries::grant(tx, &order.import.consent_wording, order.by, order.now).await?;
    }
    Ok((counts, refused))
}
