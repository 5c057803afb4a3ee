//! Somebody's scores: a part of their page, and a page of its own with every point that came and went.

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    Score, catalogue, queries,
    views::{Given, Line, Page, Part, Scores},
};
use crate::{
    contacts::{
        ContactId, ViewContacts,
        beside::Card,
        record,
        segments::{Behaviours, rule::Group, words},
    },
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, OrNotFound, Result, Routes, View, Wants},
};

/// What stands beside a contact's page.
pub const CARD: Card = Card { key: "scores", title: "Scores", needs: ViewContacts::KEY };

/// Lines of the ledger that are shown at once.
const LINES: i64 = 100;

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/contacts/{contact}/scores", show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Only what happened before: for what is older.
    before: Option<DateTime<Utc>>,
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Path((_, id)): Path<(String, ContactId)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let is_part = wants == Wants::Part;
    let mut tx = scope.enter().await?;
    let name = record::find(&mut tx, id).await?.or_404()?.name();
    let (lead, engagement) = queries::scores(&mut tx, id).await?.or_404()?;
    let known = catalogue(&mut tx, behaviours, app.clock.now()).await?;
    let holding = queries::holding(&mut tx, id).await?;
    let rules = queries::standing(&mut tx).await?;
    let given = if is_part { Vec::new() } else { queries::given(&mut tx, id, (asked.before, LINES)).await? };
    drop(tx);
    let held = rules.into_iter().filter(|rule| holding.contains(&rule.id.0));
    let now = held.map(|rule| (rule.signed(), rule.score, words::sentence(&rule.rule(), &known)));
    let line = |given: Given| {
        let rule: Group = serde_json::from_value(given.rule.clone()).unwrap_or_default();
        let is_held = holding.contains(&given.rule_id);
        Line { sentence: words::sentence(&rule, &known), is_held, given }
    };
    let path = scope.member.link(&format!("/contacts/{id}/scores"));
    let last = given.last().filter(|_| given.len() == usize::try_from(LINES).unwrap_or(0));
    let older =
        last.map(|last| format!("{path}?before={}", last.occurred_at.to_rfc3339().replace('+', "%2B")));
    let scores = Scores {
        figures: vec![(Score::Lead, lead), (Score::Engagement, engagement)],
        now: now.collect(),
        older: older.unwrap_or_default(),
        ledger: given.into_iter().map(line).collect(),
        path,
        rules: scope.member.link("/settings/scoring"),
    };
    if is_part {
        return Ok(View(Part { scores }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    let page = scope.member.link(&format!("/contacts/{id}"));
    Ok(View(Page { shell, name, page, scores, member: scope.member.clone() }).into_response())
}
