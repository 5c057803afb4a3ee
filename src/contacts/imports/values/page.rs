//! `/w/{org}/contacts/imports/{import}/values`: what cells mean that nobody knows.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Meanings, queries,
    views::{self, Vocabulary},
};
use crate::{
    audit::Entry,
    contacts::{
        EditContacts,
        fields::{self, OwnField},
        imports::{Import, ImportId, queries::find, work::CheckImport},
    },
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View},
};

pub(in crate::contacts::imports) fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/imports/{import}/values", edit)
        .post("/contacts/imports/{import}/values", update)
}

/// As typed: `column.`, `cell.` and `to.` with a number each. What a cell goes to is empty to refuse its line, `-` for
/// nothing, `+` for a new choice, or `=` with the key of what it means.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(super) struct ValuesForm(BTreeMap<(String, String), (String, String)>);

/// By column and cell, what was said of it and the name of its field.
impl From<Vec<(String, String)>> for ValuesForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let fields: BTreeMap<String, String> = fields.into_iter().collect();
        let value = |name: &str, n: &str| fields.get(&format!("{name}.{n}")).cloned().unwrap_or_default();
        let said = fields.iter().filter_map(|(name, said)| Some((name, name.strip_prefix("to.")?, said)));
        let by_cell = said
            .map(|(name, n, said)| ((value("column", n), value("cell", n)), (name.clone(), said.clone())));
        Self(by_cell.collect())
    }
}

impl ValuesForm {
    /// What was said of a cell, with the name of its field in the form.
    pub(super) fn said(&self, column: &str, cell: &str) -> Option<(&str, &str)> {
        let (name, said) = self.0.get(&(column.to_owned(), cell.to_owned()))?;
        Some((name, said))
    }
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
) -> Result<Response> {
    let import = find(&mut scope.enter().await?, id).await?.or_404()?;
    if import.started_at.is_some() || import.status != "ready" || import.unknown.is_empty() {
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response());
    }
    show(&app, &scope, import, (None, FieldErrors::default())).await
}

async fn show(
    app: &App,
    scope: &Scope<EditContacts>,
    import: Import,
    (form, errors): (Option<ValuesForm>, FieldErrors),
) -> Result<Response> {
    let own = fields::all(&mut scope.enter().await?).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    let path = scope.member.link("/contacts/imports");
    let columns = views::columns(&import, &own, form.as_ref(), &errors);
    Ok((status, View(views::Values { shell, path, import, columns, errors })).into_response())
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
    Form(form): Form<ValuesForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let import = find(&mut tx, id).await?.or_404()?;
    let own = fields::all(&mut tx).await?;
    let meanings = match decided(&mut tx, &import, &own, (&form, now)).await? {
        Ok(meanings) => meanings,
        Err(errors) => {
            drop(tx);
            return show(&app, &scope, import, (Some(form), errors)).await;
        }
    };
    if !queries::decide(&mut tx, id, &meanings, now).await? {
        return Err(Error::NotFound);
    }
    let org = tx.org();
    let order =
        Order { key: Some(&id.to_string()), requested_by: Some(scope.member.user.id.0), ..Order::default() };
    let said = Entry::new("imports.values_decided").on("import", id, &import.file_name);
    tx.record(said.after(json!({ "values": meanings.count() })), now).await?;
    jobs::enqueue(tx.conn(), org, &CheckImport { import: id.0 }, order).await.map_err(anyhow::Error::from)?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response())
}

/// What each cell that is not known means now; new choices are made.
async fn decided(
    tx: &mut OrgTx,
    import: &Import,
    own: &[OwnField],
    (form, now): (&ValuesForm, chrono::DateTime<chrono::Utc>),
) -> Result<std::result::Result<Meanings, FieldErrors>> {
    let (mut meanings, mut errors) = (import.meanings.clone(), FieldErrors::default());
    for (column, cell, _) in import.unknown.all() {
        let Some((name, said)) = form.said(column, cell) else { continue };
        let vocabulary = Vocabulary::of(column, own);
        match (said, vocabulary.knows(said)) {
            ("", _) => meanings.put(column, cell, None),
            ("-", _) => meanings.put(column, cell, Some("")),
            ("+", true) => match fields::add_choice(tx, vocabulary.field.or_404()?, cell, now).await? {
                Ok(key) => meanings.put(column, cell, Some(&key)),
                Err(told) => errors.add(name, told),
            },
            (known, true) => meanings.put(column, cell, known.strip_prefix('=')),
            (_, false) => errors.add(name, "Choose from the list."),
        }
    }
    Ok(errors.into_result().map(|()| meanings))
}
