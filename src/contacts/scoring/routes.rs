//! `/w/{org}/settings/scoring`: every rule of points, the usual ones, taking one away and working all out anew.

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{ScoreRule, ScoreRuleId, add, catalogue, queries, refresh, remove, usual, views};
use crate::{
    audit::Entry,
    contacts::{
        EditContacts, ViewContacts,
        segments::{Behaviours, words},
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, OrNotFound, Result, Routes, View, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/scoring", index)
        .post("/settings/scoring/usual", begin)
        .post("/settings/scoring/anew", anew)
        .post("/settings/scoring/{rule}/remove", take_away)
        .post("/settings/scoring/{rule}/restore", restore)
}

async fn index(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let known = catalogue(&mut tx, behaviours, app.clock.now()).await?;
    let people = queries::people(&mut tx).await?;
    let told = |rule: ScoreRule| views::Told {
        sentence: words::sentence(&rule.rule(), &known),
        people: people.iter().find(|(id, _)| *id == rule.id.0).map_or(0, |(_, people)| *people),
        rule,
    };
    let rules = queries::standing(&mut tx).await?.into_iter().map(told).collect();
    drop(tx);
    let page = views::Index {
        shell: frame(&app, &scope, "settings").await?,
        path: scope.member.link("/settings/scoring"),
        rules,
        may_edit: scope.member.may::<EditContacts>(),
    };
    Ok(View(page).into_response())
}

pub(super) fn back(scope: &Scope<EditContacts>) -> Response {
    Redirect::to(&scope.member.link("/settings/scoring")).into_response()
}

/// The usual rules, where there are none.
async fn begin(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx).await?;
    if queries::standing(&mut tx).await?.is_empty() {
        for wanted in usual() {
            let id = add(&mut tx, &wanted, now).await?;
            record(&mut tx, "scores.rule_added", id, now).await?;
        }
        tx.commit().await?;
    }
    flash::say(&scope.session, "Added the usual rules. Points are given out now.").await?;
    Ok(back(&scope))
}

async fn anew(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    let mut tx = scope.enter().await?;
    for rule in queries::standing(&mut tx).await? {
        refresh::order(&mut tx, rule.id).await?;
    }
    tx.record(Entry::new("scores.ordered_anew"), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Every rule is worked out anew.").await?;
    Ok(back(&scope))
}

async fn take_away(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ScoreRuleId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let rule = queries::held(&mut tx, id).await?.or_404()?;
    if rule.removed_at.is_none() {
        remove(&mut tx, id, now).await?;
        record(&mut tx, "scores.rule_removed", id, now).await?;
        tx.commit().await?;
    }
    let undo = scope.member.link(&format!("/settings/scoring/{id}/restore"));
    flash::say_with_undo(&scope.session, "Took the rule away. Its points go with it.", undo).await?;
    Ok(back(&scope))
}

/// Makes the rule again that was taken away.
async fn restore(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ScoreRuleId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let rule = queries::held(&mut tx, id).await?.or_404()?;
    if rule.removed_at.is_some() {
        queries::restore(&mut tx, id).await?;
        refresh::order(&mut tx, id).await?;
        record(&mut tx, "scores.rule_restored", id, now).await?;
        tx.commit().await?;
    }
    flash::say(&scope.session, "The rule is there again.").await?;
    Ok(back(&scope))
}

/// Writes down what was done to a rule, and what it says.
pub(super) async fn record(
    tx: &mut OrgTx,
    action: &'static str,
    id: ScoreRuleId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let Some(rule) = queries::find(tx, id).await? else { return Ok(()) };
    let entry = Entry::new(action).on("score_rule", id, rule.score.label());
    tx.record(entry.after(serde_json::json!({ "points": rule.points, "rule": rule.rule() })), now).await?;
    Ok(())
}
