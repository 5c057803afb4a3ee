//! `/w/{org}/settings/data`: what is kept for how long, and who was erased.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{RuleForm, cut, queries, views};
use crate::{
    audit::Entry,
    contacts::{ProtectContacts, exports},
    events::months,
    orgs::frame::frame,
    personal::Retentions,
    privacy::erasing,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/settings/data", index).post("/settings/data/rules", save)
}

/// A rule whose form is shown again: of which kind, what was typed, what is wrong.
type Wrong<'a> = Option<(&'a str, RuleForm, FieldErrors)>;

async fn index(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Extension(kinds): Extension<Retentions>,
) -> Result<Response> {
    page(&app, &scope, &kinds, None).await
}

async fn save(
    scope: Scope<ProtectContacts>,
    State(app): State<App>,
    Extension(kinds): Extension<Retentions>,
    Form(form): Form<RuleForm>,
) -> Result<Response> {
    let kind = kinds.all().iter().find(|kind| kind.key == form.kind).or_404()?;
    let days = match form.check(kind) {
        Ok(days) => days,
        Err(errors) => return page(&app, &scope, &kinds, Some((kind.key, form, errors))).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let was = queries::save(&mut tx, (kind.key, days), now).await?;
    let changed = Entry::new("retention.changed").on("rule", kind.key, kind.words);
    tx.record(changed.before(json!({ "days": was })).after(json!({ "days": days })), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &said(kind.words, days)).await?;
    Ok(Redirect::to(&scope.member.link("/settings/data")).into_response())
}

fn said(words: &str, days: Option<i32>) -> String {
    match days {
        Some(days) => format!("{words} go after {days} days from now on, once a night."),
        None => format!("{words} are kept for ever."),
    }
}

async fn page(
    app: &App,
    scope: &Scope<ProtectContacts>,
    kinds: &Retentions,
    mut wrong: Wrong<'_>,
) -> Result<Response> {
    let status = if wrong.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let rules = queries::all(&mut tx).await?;
    let mut lines = Vec::new();
    for kind in kinds.all() {
        let rule = rules.iter().find(|rule| rule.kind == kind.key).cloned();
        let days = rule.as_ref().and_then(|rule| rule.days);
        let due = match days {
            Some(days) => Some((kind.count)(&mut tx, cut(days, now).before).await?),
            None => None,
        };
        let kept = RuleForm {
            kind: kind.key.to_owned(),
            on: days.map(|_| "on".to_owned()),
            days: days.unwrap_or(kind.usual).to_string(),
        };
        let is_wrong = wrong.as_ref().is_some_and(|(key, ..)| *key == kind.key);
        let typed = if is_wrong { wrong.take() } else { None };
        let (form, errors) =
            typed.map_or_else(|| (kept, FieldErrors::default()), |(_, form, errors)| (form, errors));
        lines.push(views::Line { kind: *kind, rule, due, form, errors });
    }
    let erasures = erasing::recent(&mut tx).await?;
    drop(tx);
    let shell = frame(app, scope, "settings").await?;
    let (path, member) = (scope.member.link("/settings/data"), scope.member.clone());
    let (export_days, event_months) = (exports::KEPT.num_days(), months::KEEP);
    let page = views::Index { shell, path, member, lines, erasures, export_days, event_months };
    Ok((status, View(page)).into_response())
}
