//! `/w/{org}/contacts/segments`: every segment, one of them, why somebody is in it.

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{
    Behaviours, Segment,
    catalogue::Catalogue,
    check::{self, Checked},
    counting,
    held::{Way, held},
    making, matching, queries, refresh,
    rule::{Group, Rule},
    test::Meaning,
    views, words,
};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts, found, lists::ListId, table, uses::ListFinders},
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .merge(making::routes())
        .merge(counting::routes())
        .get("/contacts/segments", index)
        .get("/contacts/segments/{list}", show)
        .post("/contacts/segments/{list}/refresh", refresh_now)
        .post("/contacts/segments/{list}/archive", archive)
}

async fn index(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let segments = queries::all(&mut tx).await?;
    drop(tx);
    let told = |segment: Segment| {
        let sentence = words::sentence(&segment.rule(), &catalogue);
        (segment, sentence)
    };
    let page = views::Index {
        shell: frame(&app, &scope, "contacts").await?,
        path: scope.member.link("/contacts"),
        segments: segments.into_iter().map(told).collect(),
        may_edit: scope.member.may::<EditContacts>(),
    };
    Ok(View(page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Part of a name or address of whom to explain.
    whom: String,
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    (Extension(behaviours), Extension(finders)): (Extension<Behaviours>, Extension<ListFinders>),
    Path((_, id)): Path<(String, ListId)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let segment = queries::find(&mut tx, id).await?.or_404()?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let rule = segment.rule();
    let checked = check::check(&rule, &catalogue);
    let held = held(&mut tx, &checked, &catalogue, Way::Soon).await?.0;
    let nobody =
        views::Held { people: 0, all: 0, reachable: 0, took_ms: 0, some: Vec::new(), is_about: false };
    let why = why(&mut tx, &scope, (&asked.whom, &rule), &checked, &catalogue).await?;
    let uses = finders.0.of(&mut tx, &id.to_string()).await?;
    drop(tx);
    let page = views::Show {
        shell: frame(&app, &scope, "contacts").await?,
        path: scope.member.link("/contacts"),
        sentence: words::sentence(&rule, &catalogue),
        refreshed: segment.refreshed_at.map(|at| scope.member.user.date_and_time(at)).unwrap_or_default(),
        segment,
        held: held.unwrap_or(nobody),
        uses,
        member: scope.member.clone(),
        whom: asked.whom,
        why,
        may_edit: scope.member.may::<EditContacts>(),
    };
    Ok(View(page).into_response())
}

/// Why the first person who is found by these words is in it or not.
async fn why<P: Permission>(
    tx: &mut OrgTx,
    scope: &Scope<P>,
    (words, rule): (&str, &Group),
    checked: &Checked,
    catalogue: &Catalogue,
) -> sqlx::Result<Option<views::Why>> {
    if words.trim().is_empty() || !checked.errors.is_empty() {
        return Ok(None);
    }
    let Some(found) = found::search(tx, words).await?.into_iter().next() else { return Ok(None) };
    let tests: Vec<Meaning> = [checked.meaning.clone()]
        .into_iter()
        .chain(checked.lines.iter().map(|(_, line)| line.clone()))
        .collect();
    let Some(truths) = matching::truths(tx, found.id, &tests, catalogue.now).await? else { return Ok(None) };
    let mut said = Vec::new();
    lines(rule, catalogue, &mut said);
    Ok(Some(views::Why {
        whom: found.name(),
        path: scope.member.link(&format!("/contacts/{}", found.id)),
        is_in: truths.first().copied().unwrap_or_default(),
        lines: said.into_iter().zip(truths.into_iter().skip(1)).collect(),
    }))
}

/// Every line in words, in the order of the form.
fn lines(rule: &Group, catalogue: &Catalogue, said: &mut Vec<String>) {
    for rule in &rule.rules {
        match rule {
            Rule::Group(group) => lines(group, catalogue, said),
            Rule::Line(line) => said.push(words::line(line, catalogue)),
        }
    }
}

async fn refresh_now(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Path((_, id)): Path<(String, ListId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let segment = queries::find(&mut tx, id).await?.or_404()?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let said = match refresh::freshen_or_order(&mut tx, id, &catalogue).await? {
        Ok(said) => said.to_owned(),
        Err(why) => why,
    };
    let entry = Entry::new("segments.refreshed").on("segment", id, &segment.name);
    tx.record(entry, app.clock.now()).await?;
    tx.commit().await?;
    table::changed(&app, &scope.member);
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/segments/{id}"))).into_response())
}

async fn archive(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(finders): Extension<ListFinders>,
    Path((_, id)): Path<(String, ListId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let segment = queries::find(&mut tx, id).await?.or_404()?;
    if let Some(used) = finders.0.of(&mut tx, &id.to_string()).await?.into_iter().next() {
        drop(tx);
        let said = format!("It is still used. Take it out there first: {}: {}.", used.what, used.name);
        flash::say(&scope.session, &said).await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts/segments/{id}"))).into_response());
    }
    queries::archive(&mut tx, id, now).await?;
    tx.record(Entry::new("segments.archived").on("segment", id, &segment.name), now).await?;
    tx.commit().await?;
    flash::say(
        &scope.session,
        &format!("Put the segment “{}” away. Its people stay contacts.", segment.name),
    )
    .await?;
    Ok(Redirect::to(&scope.member.link("/contacts/segments")).into_response())
}
