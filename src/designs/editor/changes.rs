//! Everything that changes a draft.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    page::{self, Look, Trouble},
    routes::answer,
    views::Saved,
};
use crate::{
    designs::{
        EditDesigns, blocks,
        document::{Document, Place, Refusal, Way},
        draft::{self, Changed, Draft, Step},
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, Wants},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/designs/{id}/styles", styles)
        .post("/designs/{id}/blocks", add)
        .post("/designs/{id}/blocks/{block}", save)
        .post("/designs/{id}/blocks/{block}/move", shift)
        .post("/designs/{id}/blocks/{block}/duplicate", duplicate)
        .post("/designs/{id}/blocks/{block}/remove", remove)
}

/// The draft, kept from others until the transaction ends.
async fn locked(tx: &mut OrgTx, id: Uuid) -> Result<Draft> {
    draft::queries::lock(tx, id).await?;
    draft::load(tx, id).await?.or_404()
}

/// One edit of the document that is a step of its own; answers with the editor, the block that `edit`
/// gives chosen.
async fn edited(
    (app, scope): (&App, &Scope<EditDesigns>),
    wants: Wants,
    (id, look): (Uuid, Look),
    summary: &str,
    edit: impl FnOnce(&mut Document) -> Result<Option<Uuid>, Refusal>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let draft = locked(&mut tx, id).await?;
    let step = Step { summary, typing: None };
    let done = draft::change(&mut tx, &draft, step, app.clock.now(), edit).await?;
    tx.commit().await?;
    let look = look.checked();
    match done {
        Changed::Done(chosen) => answer(app, scope, wants, (id, look.at(chosen)), "").await,
        Changed::Refused(why) => answer(app, scope, wants, (id, look), why).await,
        Changed::Conflict { .. } => {
            answer(app, scope, wants, (id, look), "Somebody else changed this.").await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddForm {
    kind: String,
    /// The block that it goes behind; nothing for the end.
    after: String,
    /// The columns that it goes into, and which of them.
    into: String,
    column: i16,
}

async fn add(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, Uuid)>,
    (Query(look), Form(form)): (Query<Look>, Form<AddForm>),
) -> Result<Response> {
    let place = match (form.into.parse(), form.after.parse()) {
        (Ok(columns), _) => Place::In(columns, form.column),
        (_, Ok(after)) => Place::After(after),
        _ => Place::Last,
    };
    let name = blocks::kind(&form.kind).map_or("block", |kind| kind.name());
    let summary = format!("Added: {name}");
    let look = Look { panel: "block".to_owned(), ..look };
    edited((&app, &scope), wants, (id, look), &summary, |design| design.add(&form.kind, place).map(Some))
        .await
}

#[derive(Debug, Deserialize)]
struct MoveForm {
    #[serde(default)]
    way: String,
}

async fn shift(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id, block)): Path<(String, Uuid, Uuid)>,
    (Query(look), Form(form)): (Query<Look>, Form<MoveForm>),
) -> Result<Response> {
    let (way, summary) = if form.way == "up" { (Way::Up, "Moved up") } else { (Way::Down, "Moved down") };
    edited((&app, &scope), wants, (id, look), summary, |design| {
        design.shift(block, way).map(|()| Some(block))
    })
    .await
}

async fn duplicate(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id, block)): Path<(String, Uuid, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    edited((&app, &scope), wants, (id, look), "Duplicated a block", |design| {
        design.duplicate(block).map(Some)
    })
    .await
}

async fn remove(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id, block)): Path<(String, Uuid, Uuid)>,
    Query(look): Query<Look>,
) -> Result<Response> {
    edited((&app, &scope), wants, (id, look), "Removed a block", |design| design.remove(block)).await
}

/// What was typed, by the fields' names; of a name that comes twice the last counts.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Typed(Vec<(String, String)>);

impl Typed {
    fn get(&self, name: &str) -> Option<&String> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

async fn styles(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, Uuid)>,
    (Query(look), Form(form)): (Query<Look>, Form<Typed>),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let draft = locked(&mut tx, id).await?;
    let look = look.checked().on("styles");
    let styles = match draft.document.styles.read(&|name| form.get(name).cloned()) {
        Ok(styles) => styles,
        Err(errors) => {
            drop(tx);
            return saved((&app, &scope), wants, (id, look), trouble(errors, form)).await;
        }
    };
    let set = |design: &mut Document| {
        design.styles = styles;
        Ok(())
    };
    let step = Step { summary: "Changed the styles", typing: None };
    draft::change(&mut tx, &draft, step, app.clock.now(), set).await?;
    tx.commit().await?;
    saved((&app, &scope), wants, (id, look), Trouble::default()).await
}

fn trouble(errors: FieldErrors, form: Typed) -> Trouble {
    Trouble { errors, conflict: String::new(), typed: form.0 }
}

async fn save(
    scope: Scope<EditDesigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id, block)): Path<(String, Uuid, Uuid)>,
    (Query(look), Form(form)): (Query<Look>, Form<Typed>),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let draft = locked(&mut tx, id).await?;
    let look = look.checked().at(Some(block)).on("block");
    match save_block(&mut tx, &draft, block, &form, app.clock.now()).await? {
        Ok(Changed::Done(())) => {
            tx.commit().await?;
            saved((&app, &scope), wants, (id, look), Trouble::default()).await
        }
        Ok(Changed::Refused(why)) => answer(&app, &scope, wants, (id, look), why).await,
        Ok(Changed::Conflict { by }) => {
            drop(tx);
            let typed = form.0;
            saved((&app, &scope), wants, (id, look), Trouble { conflict: by, typed, ..Trouble::default() })
                .await
        }
        Err(errors) => {
            drop(tx);
            saved((&app, &scope), wants, (id, look), trouble(errors, form)).await
        }
    }
}

/// Keeps what was typed into a block, unless somebody else typed into it since the form was got.
async fn save_block(
    tx: &mut OrgTx,
    draft: &Draft,
    block: Uuid,
    form: &Typed,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Result<Changed<()>, FieldErrors>> {
    let Some(kept) = draft.document.find(block) else {
        return Ok(Ok(Changed::Refused("That block is not there any more: somebody removed it.")));
    };
    let seen: i64 = form.get("rev").and_then(|rev| rev.parse().ok()).unwrap_or(i64::MAX);
    if kept.rev > seen && form.get("keep").is_none_or(|keep| keep != "mine") {
        return Ok(Ok(Changed::Conflict { by: draft.changed_by.clone() }));
    }
    let kind = blocks::kind(&kept.kind).or_404()?;
    let props = match kind.read(&kept.props, &|name| form.get(name).cloned()) {
        Ok(props) => props,
        Err(errors) => return Ok(Err(errors)),
    };
    let summary = format!("Changed: {}", kind.name());
    let step = Step { summary: &summary, typing: Some(block) };
    Ok(Ok(draft::change(tx, draft, step, now, |design| design.set(block, props)).await?))
}

/// What an autosave answers with: small parts beside the form, which is left as it is typed.
async fn saved(
    (app, scope): (&App, &Scope<EditDesigns>),
    wants: Wants,
    (id, look): (Uuid, Look),
    trouble: Trouble,
) -> Result<Response> {
    let is_fine = trouble.errors.is_empty() && trouble.conflict.is_empty();
    if wants == Wants::Page && is_fine {
        return answer(app, scope, wants, (id, look), "Saved.").await;
    }
    let status = match (is_fine, trouble.conflict.is_empty()) {
        (true, _) => StatusCode::OK,
        (_, false) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut tx = scope.enter().await?;
    let draft = draft::load(&mut tx, id).await?.or_404()?;
    let known = page::Known::load(scope, &mut tx, look).await?;
    drop(tx);
    let editor = page::editor(frame(app, scope, "designs").await?, scope, draft, known, trouble);
    Ok(match wants {
        Wants::Page => (status, View(editor)).into_response(),
        Wants::Part => {
            let canvas = editor.canvas();
            let mut response = (status, View(Saved { editor })).into_response();
            if is_fine && let Ok(shown) = format!("{{\"canvas-changed\":\"{canvas}\"}}").parse() {
                response.headers_mut().insert("hx-trigger", shown);
            }
            response
        }
    })
}
