//! `/w/{org}/deals/{deal}/move`, `/lose`: from the board and from the page of a deal.

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{Refusal, Wish, fulfil, views};
use crate::{
    contacts::contact::tidy,
    deals::{
        Deal, DealId, EditDeals, board,
        deal::{Moment, find},
        pipelines::{self, Kind, Stage, StageId},
        table::DealQuery,
    },
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, Toast, View, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/deals/{deal}/move", shift)
        .get("/deals/{deal}/lose", ask)
        .post("/deals/{deal}/lose", lose)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoveForm {
    /// The stage in which the deal was seen.
    from: String,
    to: String,
    /// A question mark and the query of the board that it is moved on; nothing on the page of the deal.
    view: Option<String>,
}

async fn shift(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    wants: Wants,
    Path((_, deal)): Path<(String, DealId)>,
    Form(form): Form<MoveForm>,
) -> Result<Response> {
    let (seen, to) = (form.from.parse().ok().or_404()?, form.to.parse().ok().or_404()?);
    let mut tx = scope.enter().await?;
    let wish = Wish { deal, seen, to, reason: "" };
    let (found, outcome) =
        fulfil(&mut tx, &wish, by(&scope), Moment::from(app.clock.now())).await?.or_404()?;
    if outcome == Err(Refusal::NoReason) {
        return Ok(to_question(&scope, wants, (deal, seen), form.view.as_deref()));
    }
    if outcome.is_ok() {
        tx.commit().await?;
    } else {
        drop(tx);
    }
    answer(&app, &scope, wants, (&found, outcome), form.view).await
}

fn by(scope: &Scope<EditDeals>) -> Option<uuid::Uuid> {
    Some(scope.member.user.id.0)
}

/// To where the reason is asked for.
fn to_question(
    scope: &Scope<EditDeals>,
    wants: Wants,
    (deal, seen): (DealId, StageId),
    view: Option<&str>,
) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &seen.to_string());
    if let Some(view) = view {
        query.append_pair("view", view);
    }
    let there = scope.member.link(&format!("/deals/{deal}/lose?{}", query.finish()));
    match wants {
        Wants::Page => Redirect::to(&there).into_response(),
        Wants::Part => [("hx-redirect", there)].into_response(),
    }
}

fn moved(name: &str, stage: &Stage) -> String {
    match stage.kind {
        Kind::Open => format!("“{name}” is in {} now.", stage.name),
        Kind::Won => format!("“{name}” is won. Well done."),
        Kind::Lost => format!("“{name}” is lost."),
    }
}

/// The board as it is now, or back to where the deal was moved, with what became of it.
async fn answer(
    app: &App,
    scope: &Scope<EditDeals>,
    wants: Wants,
    (found, outcome): (&Deal, std::result::Result<Stage, Refusal>),
    view: Option<String>,
) -> Result<Response> {
    let (status, toast) = match &outcome {
        Ok(stage) => (StatusCode::OK, Toast::ok(&moved(&found.name, stage))),
        Err(refusal) => {
            (StatusCode::CONFLICT, Toast { kind: "error", text: refusal.words(&found.name), undo: None })
        }
    };
    if let (Wants::Part, Some(view)) = (wants, &view) {
        return board::part(app, scope, &read(view), (status, toast)).await;
    }
    if outcome.is_ok() {
        flash::say(&scope.session, &toast.text).await?;
    } else {
        flash::say_error(&scope.session, &toast.text).await?;
    }
    let there =
        view.map_or_else(|| format!("/deals/{}", found.id), |view| format!("/deals?{}", read(&view).board()));
    Ok(Redirect::to(&scope.member.link(&there)).into_response())
}

/// A view out of the query part of an address; the plain one where it cannot be read.
fn read(view: &str) -> DealQuery {
    let uri: Uri = format!("/{view}").parse().unwrap_or_default();
    Query::try_from_uri(&uri).map_or_else(|_| DealQuery::default(), |Query(query)| query)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoseForm {
    /// The stage in which the deal was seen.
    pub from: String,
    pub reason: String,
    /// A question mark and the query of the board that it is lost on; nothing on the page of the deal.
    pub view: Option<String>,
}

async fn ask(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    wants: Wants,
    Path((_, deal)): Path<(String, DealId)>,
    Query(form): Query<LoseForm>,
) -> Result<Response> {
    let found = find(&mut scope.enter().await?, deal).await?.or_404()?;
    question(&app, &scope, wants, (found, form), FieldErrors::default()).await
}

async fn question(
    app: &App,
    scope: &Scope<EditDeals>,
    wants: Wants,
    (deal, mut form): (Deal, LoseForm),
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if form.from.is_empty() {
        form.from = deal.stage_id.to_string();
    }
    let page = views::Lose {
        shell: frame(app, scope, "deals").await?,
        path: scope.member.link(&format!("/deals/{}", deal.id)),
        deals: scope.member.link("/deals"),
        deal,
        form,
        errors,
    };
    Ok(match wants {
        Wants::Part => (status, View(page.into_question())).into_response(),
        Wants::Page => (status, View(page)).into_response(),
    })
}

async fn lose(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, deal)): Path<(String, DealId)>,
    Form(form): Form<LoseForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let found = find(&mut tx, deal).await?.or_404()?;
    let reason = tidy(&form.reason);
    let seen = form.from.parse().unwrap_or(found.stage_id);
    if reason.is_empty() || reason.chars().count() > 1000 {
        drop(tx);
        let errors = FieldErrors::on("reason", "Say why it was lost, in up to 1000 characters.");
        return question(&app, &scope, Wants::Page, (found, form), errors).await;
    }
    let pipelines = pipelines::all(&mut tx).await?;
    let pipeline = pipelines.into_iter().find(|one| one.id == found.pipeline_id).or_404()?;
    let to = pipeline.of_kind(Kind::Lost).next().or_404()?.id;
    let wish = Wish { deal, seen, to, reason: &reason };
    let (found, outcome) =
        fulfil(&mut tx, &wish, by(&scope), Moment::from(app.clock.now())).await?.or_404()?;
    if outcome.is_ok() {
        tx.commit().await?;
    } else {
        drop(tx);
    }
    answer(&app, &scope, Wants::Page, (&found, outcome), form.view).await
}
