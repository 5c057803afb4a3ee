//! `/w/{org}/deals/{deal}`: looking at a deal, changing a fact of it, archiving it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    Trouble,
    facts::{FACTS, FactForm, Facts},
    queries, views,
};
use crate::{
    audit::Entry,
    contacts::found::search,
    deals::{
        DealId, EditDeals, ViewDeals,
        deal::{find, locked, owners},
        giving::tell_owner,
        notes, people, pipelines,
    },
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/deals/{deal}", show)
        .post("/deals/{deal}/facts/{fact}", change)
        .post("/deals/{deal}/archive", archive)
        .post("/deals/{deal}/restore", restore)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    /// Part of a name or address of somebody to add.
    find: String,
}

async fn show(
    scope: Scope<ViewDeals>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DealId)>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    page(&app, &scope, id, Trouble { find: query.find, ..Trouble::default() }).await
}

/// The page, with what was wrong where something was.
pub(in crate::deals) async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    id: DealId,
    trouble: Trouble,
) -> Result<Response> {
    let now = app.clock.now();
    let status = if trouble.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let deal = find(&mut tx, id).await?.or_404()?;
    let mut pipelines = pipelines::all(&mut tx).await?.into_iter();
    let people = people::of_deal(&mut tx, &deal).await?;
    let mut found =
        if trouble.find.trim().is_empty() { Vec::new() } else { search(&mut tx, &trouble.find).await? };
    found.retain(|row| people.iter().all(|person| person.id != row.id));
    let known = views::Known {
        pipeline: pipelines.find(|one| one.id == deal.pipeline_id).or_404()?,
        people,
        found,
        notes: notes::of_deal(&mut tx, id).await?,
        history: queries::history(&mut tx, id, now).await?,
        owners: owners(&mut tx).await?,
        deal,
    };
    drop(tx);
    let shell = frame(app, scope, "deals").await?;
    Ok((status, View(views::Show::new(shell, &scope.member, known, (trouble, now)))).into_response())
}

async fn change(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id, fact)): Path<(String, DealId, String)>,
    Form(form): Form<FactForm>,
) -> Result<Response> {
    let fact = FACTS.iter().find(|(known, _)| *known == fact).or_404()?.0;
    let mut tx = scope.enter().await?;
    let deal = locked(&mut tx, id).await?.or_404()?;
    let members = owners(&mut tx).await?;
    let before = Facts::of(&deal);
    let after = match before.clone().with(fact, &form, &members) {
        Ok(after) => after,
        Err(errors) => {
            drop(tx);
            let trouble = Trouble { open: fact.to_owned(), typed: form, errors, ..Trouble::default() };
            return page(&app, &scope, id, trouble).await;
        }
    };
    if after != before {
        let now = app.clock.now();
        queries::keep(&mut tx, id, &after, now).await?;
        if after.owner != before.owner {
            let given = (after.owner, &scope.member.user);
            tell_owner(&mut tx, &app, (id, &after.name), given).await?;
        }
        let entry = Entry::new("deals.changed").on("deal", id, &after.name);
        tx.record(entry.before(before.shown(fact, &members)).after(after.shown(fact, &members)), now).await?;
        tx.commit().await?;
    }
    Ok(back(&scope, id))
}

fn back(scope: &Scope<EditDeals>, id: DealId) -> Response {
    Redirect::to(&scope.member.link(&format!("/deals/{id}"))).into_response()
}

async fn archive(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DealId)>,
) -> Result<Response> {
    set_away(&app, &scope, id, true).await
}

async fn restore(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Path((_, id)): Path<(String, DealId)>,
) -> Result<Response> {
    set_away(&app, &scope, id, false).await
}

/// Archives a deal or brings it back: each undoes the other.
async fn set_away(app: &App, scope: &Scope<EditDeals>, id: DealId, is_away: bool) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let deal = locked(&mut tx, id).await?.or_404()?;
    if queries::archive(&mut tx, id, is_away.then_some(now), now).await? {
        let action = if is_away { "deals.archived" } else { "deals.restored" };
        tx.record(Entry::new(action).on("deal", id, &deal.name), now).await?;
        tx.commit().await?;
        let said = if is_away { "Archived" } else { "Brought back" };
        flash::say(&scope.session, &format!("{said} “{}”.", deal.name)).await?;
    }
    Ok(back(scope, id))
}

/// For parts of the page that have forms of their own.
pub(in crate::deals) fn wrong(open: String, note: String, told: &str) -> Trouble {
    Trouble { open, note, errors: FieldErrors::on("note", told), ..Trouble::default() }
}
