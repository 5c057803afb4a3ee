//! `/w/{org}/campaigns/{campaign}/report`: what became of it, and who each number counts.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    chart,
    people::{Asked, PeopleQuery, What},
    queries, views, words,
};
use crate::{
    campaigns::{Broadcast, CampaignId, ViewCampaigns, broadcast},
    contacts::{EditContacts, ViewContacts, contact::tidy, lists},
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/campaigns/{campaign}/report", show)
        .get("/campaigns/{campaign}/report/people", people)
        .post("/campaigns/{campaign}/report/people/list", save)
}

async fn show(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let broadcast = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let started = broadcast.started_at.unwrap_or_else(|| app.clock.now());
    let report = views::Report {
        sums: queries::sums(&mut tx, broadcast.id.0).await?,
        machines: queries::machines(&mut tx, broadcast.id.0, started).await?,
        links: queries::links(&mut tx, broadcast.id.0).await?,
        causes: queries::causes(&mut tx, broadcast.id.0).await?,
        bars: chart::bars(&queries::hours(&mut tx, broadcast.id.0, started).await?, started),
        path: path(&scope, id),
        campaign: scope.member.link(&format!("/campaigns/{id}")),
        broadcast,
        me: scope.member.user.clone(),
        shell: frame(&app, &scope, "campaigns").await?,
    };
    Ok(View(report).into_response())
}

fn path<P: Permission>(scope: &Scope<P>, id: CampaignId) -> String {
    scope.member.link(&format!("/campaigns/{id}/report"))
}

async fn people(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response> {
    let asked = query.asked().or_404()?;
    people_page(&app, &scope, id, asked, (String::new(), FieldErrors::default())).await
}

/// The list; with what was typed for its name, when that was wrong.
async fn people_page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    id: CampaignId,
    asked: Asked,
    (name, errors): (String, FieldErrors),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let broadcast = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let page = queries::page(&mut tx, broadcast.id.0, &asked).await?;
    let count = queries::count(&mut tx, broadcast.id.0, &asked).await?;
    let common = common(&mut tx, &broadcast, &asked).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let suggested = format!("{}: {}", broadcast.name, asked.what.title().to_lowercase());
    let view = views::People {
        shell: frame(app, scope, "campaigns").await?,
        path: path(scope, id),
        contacts: scope.member.link("/contacts"),
        campaign: broadcast.name,
        common,
        rows: page.rows,
        previous: page.previous.unwrap_or_default(),
        next: page.next.unwrap_or_default(),
        count,
        may_save: scope.member.may::<EditContacts>() && scope.member.may::<ViewContacts>(),
        typed_name: if errors.is_empty() { suggested.chars().take(120).collect() } else { name },
        errors,
        me: scope.member.user.clone(),
        asked,
    };
    Ok((status, View(view)).into_response())
}

/// What those in the list have in common beside the number.
async fn common(tx: &mut OrgTx, broadcast: &Broadcast, asked: &Asked) -> Result<String> {
    if let Some(position) = asked.position {
        return queries::target(tx, broadcast.id.0, position).await?.or_404();
    }
    Ok(match (&asked.cause, asked.what) {
        (Some(cause), What::Skipped) => words::skipped(cause).to_owned(),
        (Some(cause), _) => words::cause(cause).to_owned(),
        (None, _) => String::new(),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SaveForm {
    name: String,
    what: String,
    position: String,
    cause: String,
}

/// Makes a list of everybody whom the number counts now.
async fn save(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Form(form): Form<SaveForm>,
) -> Result<Response> {
    if !scope.member.may::<ViewCampaigns>() {
        return Err(Error::NotFound);
    }
    let SaveForm { name, what, position, cause } = form;
    let asked = PeopleQuery { what, position, cause, ..PeopleQuery::default() }.asked().or_404()?;
    let name = tidy(&name);
    if name.is_empty() || name.chars().count() > 120 {
        let errors = FieldErrors::on("name", "Give the list a name of up to 120 characters.");
        return people_page(&app, &scope, id, asked, (name, errors)).await;
    }
    let mut tx = scope.enter().await?;
    let broadcast = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let whom = queries::ids(&mut tx, broadcast.id.0, &asked).await?;
    let Some((list, said)) = fill(&app, &mut tx, &name, (&broadcast, &whom)).await? else {
        drop(tx);
        let errors = FieldErrors::on("name", "Another list has that name.");
        return people_page(&app, &scope, id, asked, (name, errors)).await;
    };
    tx.commit().await?;
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts?list={list}"))).into_response())
}

/// A new list with these people in it, and what to tell; none when another has its name.
async fn fill(
    app: &App,
    tx: &mut OrgTx,
    name: &str,
    (broadcast, whom): (&Broadcast, &[Uuid]),
) -> Result<Option<(lists::ListId, String)>> {
    let now = app.clock.now();
    let about = format!("From the report of “{}”", broadcast.name);
    let Some(list) = lists::make(tx, (name, &about), now).await? else { return Ok(None) };
    let said = lists::add(tx, list, whom, &about, now).await?;
    Ok(said.map(|said| (list, said)))
}
