//! `/w/{org}/contacts/imports/{import}/match`: which column is which field, what to do with people who are
//! there, and what is declared about consent.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;

use super::{Import, ImportId, KnownBy, columns, queries, views, work::CheckImport};
use crate::{
    audit::Entry,
    contacts::{
        EditContacts,
        contact::tidy,
        fields::{self, OwnField},
        lists, standing,
        tags::{self, TagId},
    },
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/imports/{import}/match", edit)
        .post("/contacts/imports/{import}/match", update)
}

/// The form, as typed: `column.0`, `column.1` … with the key of a field, `+` for a new one, or nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(super) struct MatchForm(pub BTreeMap<String, String>);

/// Of a field that was sent several times, the last counts.
impl From<Vec<(String, String)>> for MatchForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl MatchForm {
    fn of(import: &Import) -> Self {
        let mut typed: BTreeMap<String, String> = import
            .mapping
            .iter()
            .enumerate()
            .map(|(at, key)| (format!("column.{at}"), key.clone()))
            .collect();
        typed.insert("mode".to_owned(), import.mode.clone());
        typed.insert("known_by".to_owned(), import.known_by.key().to_owned());
        typed.insert("list".to_owned(), import.list.map(|list| list.to_string()).unwrap_or_default());
        typed.insert("tag".to_owned(), import.tag_name.clone().unwrap_or_default());
        typed.insert("owner".to_owned(), import.owner.map(|owner| owner.to_string()).unwrap_or_default());
        typed.insert("consent".to_owned(), import.consent_state.clone());
        typed.insert("wording".to_owned(), import.consent_wording.clone());
        if import.has_header {
            typed.insert("has_header".to_owned(), "on".to_owned());
        }
        Self(typed)
    }

    /// As if no file like it had been there before.
    fn afresh(import: &Import, own: &[OwnField]) -> Self {
        let rows: Vec<Vec<String>> = import.rows().cloned().collect();
        let headers =
            if import.has_header { import.headers() } else { vec![String::new(); import.headers().len()] };
        let mapping = columns::guess(&headers, &rows, own);
        let (mode, known_by) = ("fill".to_owned(), KnownBy::Email);
        let mut form = Self::of(&Import { mapping, mode, known_by, ..import.clone() });
        form.0.insert("afresh".to_owned(), "on".to_owned());
        form
    }

    pub(super) fn value(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// The field for each column, `+` for a new one.
    pub(super) fn columns(&self, count: usize) -> Vec<String> {
        (0..count).map(|at| self.value(&format!("column.{at}")).to_owned()).collect()
    }

    /// What people are told apart by: their address, where nothing else was said.
    fn known_by(&self) -> Option<KnownBy> {
        match self.value("known_by") {
            "" => Some(KnownBy::Email),
            key => KnownBy::called(key),
        }
    }

    fn check(&self, count: usize) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        let columns = self.columns(count);
        for (at, key) in columns.iter().enumerate() {
            let is_again = columns.iter().take(at).any(|before| before == key);
            if is_again && !key.is_empty() && key != "+" {
                errors.add(&format!("column.{at}"), "Another column goes to this field already.");
            }
        }
        match self.known_by() {
            None => errors.add("known_by", "Choose what people are told apart by."),
            Some(by) if !columns.iter().any(|key| key == by.key()) => {
                let words = by.words();
                errors.add(
                    "columns",
                    &format!("Say which column holds the {words}: people are told apart by it."),
                );
            }
            Some(_) => {}
        }
        if !["add", "fill", "overwrite"].contains(&self.value("mode")) {
            errors.add("mode", "Choose what to do with people who are there already.");
        }
        match self.value("consent") {
            "granted" if tidy(self.value("wording")).is_empty() => {
                errors.add("wording", "Write down how and when they agreed. It is kept as evidence.");
            }
            "granted" | "unknown" => {}
            _ => errors.add("consent", "Say whether these people agreed to hear from you."),
        }
        if self.value("wording").chars().count() > 2000 {
            errors.add("wording", "Please keep this under 2000 characters.");
        }
        if self.value("new_list").chars().count() > 120 {
            errors.add("new_list", "Give the list a name of up to 120 characters.");
        }
        errors.into_result()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MatchQuery {
    /// `on` to see the file as if there had been none like it.
    afresh: String,
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
    Query(query): Query<MatchQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    let own = fields::in_use(&mut tx).await?;
    drop(tx);
    if import.started_at.is_some() || import.status == "uploading" {
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response());
    }
    let form = if query.afresh == "on" { MatchForm::afresh(&import, &own) } else { MatchForm::of(&import) };
    show(&app, &scope, import, form, FieldErrors::default()).await
}

async fn show(
    app: &App,
    scope: &Scope<EditContacts>,
    import: Import,
    form: MatchForm,
    errors: FieldErrors,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let own = fields::in_use(&mut tx).await?;
    let lists = lists::by_hand(&mut tx).await?;
    let tags = tags::names(&mut tx).await?;
    let members = standing::members(&mut tx).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    let page = views::Match {
        shell,
        path: scope.member.link("/contacts/imports"),
        me: scope.member.user.clone(),
        import,
        own,
        lists,
        tags,
        members,
        form,
        errors,
    };
    Ok((status, View(page)).into_response())
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ImportId)>,
    Form(form): Form<MatchForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let import = queries::find(&mut tx, id).await?.or_404()?;
    let count = import.headers().len();
    if let Err(errors) = form.check(count) {
        drop(tx);
        return show(&app, &scope, import, form, errors).await;
    }
    let now = app.clock.now();
    let (list, tag, owner) = match at_the_end(&mut tx, &form, now).await? {
        Ok(decided) => decided,
        Err(errors) => {
            drop(tx);
            return show(&app, &scope, import, form, errors).await;
        }
    };
    let has_header = form.value("has_header") == "on";
    let file_name = import.file_name.clone();
    let headers = Import { has_header, ..import }.headers();
    let mut mapping = form.columns(count);
    for (key, header) in mapping.iter_mut().zip(&headers).filter(|(key, _)| *key == "+") {
        let own = columns::key_of(header);
        fields::make(&mut tx, &own, if header.is_empty() { &own } else { header }, now).await?;
        *key = format!("custom.{own}");
    }
    let wording = tidy(form.value("wording"));
    let decided = queries::Decided {
        has_header,
        mapping: &mapping,
        is_afresh: form.value("afresh") == "on",
        mode: form.value("mode"),
        known_by: form.known_by().unwrap_or_default(),
        list,
        tag,
        owner,
        consent_state: form.value("consent"),
        consent_wording: &wording,
    };
    if !queries::decide(&mut tx, id, &decided, now).await? {
        return Err(Error::NotFound);
    }
    let org = tx.org();
    let order =
        Order { key: Some(&id.to_string()), requested_by: Some(scope.member.user.id.0), ..Order::default() };
    let matched = Entry::new("imports.matched").on("import", id, &file_name);
    let state = json!({ "columns": mapping, "mode": form.value("mode"),
                        "known_by": decided.known_by.key(), "consent": form.value("consent") });
    tx.record(matched.after(state), now).await?;
    jobs::enqueue(tx.conn(), org, &CheckImport { import: id.0 }, order).await.map_err(anyhow::Error::from)?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}"))).into_response())
}

/// What everybody in the file gets: a list, a tag, an owner.
type End = (Option<uuid::Uuid>, Option<TagId>, Option<uuid::Uuid>);

async fn at_the_end(
    tx: &mut OrgTx,
    form: &MatchForm,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<std::result::Result<End, FieldErrors>> {
    let list = match the_list(tx, form, now).await? {
        Ok(list) => list,
        Err(errors) => return Ok(Err(errors)),
    };
    let tag = match the_tag(tx, form, now).await? {
        Ok(tag) => tag,
        Err(errors) => return Ok(Err(errors)),
    };
    let owner = form.value("owner");
    let is_member =
        owner.is_empty() || standing::members(tx).await?.iter().any(|(member, _)| member == owner);
    let told = FieldErrors::on("owner", "Choose somebody of this workspace.");
    Ok(if is_member { Ok((list, tag, owner.parse().ok())) } else { Err(told) })
}

/// The list that people are put into: one that is there, a new one, or none.
async fn the_list(
    tx: &mut OrgTx,
    form: &MatchForm,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<std::result::Result<Option<uuid::Uuid>, FieldErrors>> {
    let name = tidy(form.value("new_list"));
    if !name.is_empty() {
        let made = lists::make(tx, (&name, ""), now).await?;
        let taken = FieldErrors::on("new_list", "A list with that name is there already: choose it.");
        return Ok(made.map(|id| Some(id.0)).ok_or(taken));
    }
    let Ok(wanted) = form.value("list").parse::<uuid::Uuid>() else { return Ok(Ok(None)) };
    let is_known = lists::by_hand(tx).await?.iter().any(|(id, _)| *id == wanted.to_string());
    Ok(if is_known { Ok(Some(wanted)) } else { Err(FieldErrors::on("list", "Choose a list that is there.")) })
}

/// The tag that everybody gets, made when there is none of that name.
async fn the_tag(
    tx: &mut OrgTx,
    form: &MatchForm,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<std::result::Result<Option<TagId>, FieldErrors>> {
    if tidy(form.value("tag")).is_empty() {
        return Ok(Ok(None));
    }
    let tag = tags::called_or_made(tx, form.value("tag"), now).await?;
    Ok(tag.map(Some).map_err(|told| FieldErrors::on("tag", &told)))
}
