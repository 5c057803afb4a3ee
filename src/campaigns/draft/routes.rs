//! `/w/{org}/campaigns/{campaign}`: the checklist while it is a draft, how far it is afterwards; and each
//! part of the checklist on its own.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    DraftForm, Part, known, load,
    page::{self, Trouble},
    queries,
};
use crate::{
    audit::Entry,
    campaigns::{Broadcast, CampaignId, EditCampaigns, ViewCampaigns, broadcast, progress},
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, Wants, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/campaigns/{campaign}", show).post("/campaigns/{campaign}/draft/{part}", save)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    /// The part that is open.
    open: String,
}

async fn show(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, CampaignId)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    if !found.status.is_draft() {
        return progress::page(&app, &scope, wants, (tx, found)).await;
    }
    let open = Part::of(&query.open);
    page::show(&app, &scope, (wants, StatusCode::OK), (tx, found), Trouble { open, ..Trouble::default() })
        .await
}

async fn save(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id, part)): Path<(String, CampaignId, String)>,
    Form(form): Form<DraftForm>,
) -> Result<Response> {
    let part = Part::of(&part).or_404()?;
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let there = scope.member.link(&format!("/campaigns/{id}"));
    if !found.status.is_draft() {
        let words =
            "It is not a draft any more, so what you typed was not kept. This page shows how it stands.";
        flash::say_error(&scope.session, words).await?;
        return Ok(moved(wants, &there));
    }
    let trouble = match change(&app, &scope, &mut tx, &found, (part, &form)).await? {
        Ok(()) => None,
        Err((errors, is_conflict)) => {
            Some(Trouble { open: Some(part), typed: Some(form), errors, is_conflict })
        }
    };
    if let Some(trouble) = trouble {
        let status =
            if trouble.is_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        return page::show(&app, &scope, (wants, status), (tx, found), trouble).await;
    }
    tx.commit().await?;
    if wants == Wants::Page {
        return Ok(moved(wants, &there));
    }
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    page::show(&app, &scope, (wants, StatusCode::OK), (tx, found), Trouble::default()).await
}

/// To another page, also where only a part was asked for.
fn moved(wants: Wants, there: &str) -> Response {
    match wants {
        Wants::Page => Redirect::to(there).into_response(),
        Wants::Part => [("hx-redirect", there)].into_response(),
    }
}

/// Keeps this part, or says what is wrong with it, and whether it is that somebody else was faster.
async fn change(
    app: &App,
    scope: &Scope<EditCampaigns>,
    tx: &mut OrgTx,
    found: &Broadcast,
    (part, form): (Part, &DraftForm),
) -> Result<std::result::Result<(), (FieldErrors, bool)>> {
    let now = app.clock.now();
    let known = known(tx, &scope.member.access.time_zone, now).await?;
    let before = load(tx, found).await?;
    let after = match form.check(part, &before, &known) {
        Ok(after) => after,
        Err(errors) => return Ok(Err((errors, false))),
    };
    if after == before {
        return Ok(Ok(()));
    }
    if !queries::save(tx, (found, form.rev), &after, now).await? {
        return Ok(Err((FieldErrors::default(), true)));
    }
    let entry = Entry::new("campaigns.changed").on("campaign", found.campaign, &after.name);
    tx.record(entry.before(&before).after(&after), now).await?;
    Ok(Ok(()))
}
