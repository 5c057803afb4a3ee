//! Making a rule of points, and putting another in its place: the form, and whom it holds while it changes.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;

use super::{
    MOST, ScoreRule, ScoreRuleId, Wanted, add, catalogue,
    form::ScoreForm,
    queries, remove,
    routes::{back, record},
    views,
};
use crate::{
    contacts::{
        EditContacts,
        segments::{
            Behaviours,
            catalogue::Catalogue,
            check,
            counting::exactly,
            held::{Way, held},
            nodes, words,
        },
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .post("/settings/scoring", create)
        .get("/settings/scoring/new", new)
        .get("/settings/scoring/look", look)
        .get("/settings/scoring/{rule}", show)
        .get("/settings/scoring/{rule}/look", look_again)
        .post("/settings/scoring/{rule}", replace)
}

/// Which rule, if it is not a new one, and what there is.
type At = (Option<ScoreRuleId>, Behaviours);

async fn new(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
) -> Result<Response> {
    let begun = [("do", "line.0"), ("score", "lead"), ("points", "10")];
    let form = ScoreForm::from(begun.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec());
    page(&app, &scope, (None, behaviours), form, FieldErrors::default()).await
}

async fn show(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Path((_, id)): Path<(String, ScoreRuleId)>,
) -> Result<Response> {
    let form = ScoreForm::of(&standing(&scope, id).await?);
    page(&app, &scope, (Some(id), behaviours), form, FieldErrors::default()).await
}

async fn look(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Query(form): Query<ScoreForm>,
) -> Result<Response> {
    looked(&app, &scope, (None, behaviours), wants, form).await
}

async fn look_again(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Path((_, id)): Path<(String, ScoreRuleId)>,
    Query(form): Query<ScoreForm>,
) -> Result<Response> {
    standing(&scope, id).await?;
    looked(&app, &scope, (Some(id), behaviours), wants, form).await
}

/// A rule that gives points.
async fn standing(scope: &Scope<EditContacts>, id: ScoreRuleId) -> Result<ScoreRule> {
    let rule = queries::find(&mut scope.enter().await?, id).await?;
    rule.filter(|rule| rule.removed_at.is_none()).or_404()
}

async fn looked(
    app: &App,
    scope: &Scope<EditContacts>,
    at: At,
    wants: Wants,
    form: ScoreForm,
) -> Result<Response> {
    if wants == Wants::Page {
        return page(app, scope, at, form, FieldErrors::default()).await;
    }
    let builder = builder(app, scope, at, form, FieldErrors::default()).await?;
    Ok(View(views::Look { builder }).into_response())
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Form(form): Form<ScoreForm>,
) -> Result<Response> {
    saved(&app, &scope, (None, behaviours), form).await
}

async fn replace(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Path((_, id)): Path<(String, ScoreRuleId)>,
    Form(form): Form<ScoreForm>,
) -> Result<Response> {
    standing(&scope, id).await?;
    saved(&app, &scope, (Some(id), behaviours), form).await
}

async fn saved(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): At,
    form: ScoreForm,
) -> Result<Response> {
    let wanted = match form.check() {
        Ok(wanted) => wanted,
        Err(errors) => return page(app, scope, (id, behaviours), form, errors).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let known = catalogue(&mut tx, behaviours, now).await?;
    match put(&mut tx, id, wanted, &known).await? {
        Ok(()) => {
            tx.commit().await?;
            flash::say(&scope.session, "Saved. Points are given out now.").await?;
            Ok(back(scope))
        }
        Err(errors) => {
            drop(tx);
            page(app, scope, (id, behaviours), form, errors).await
        }
    }
}

/// Keeps the rule, in the place of another where there is one.
async fn put(
    tx: &mut OrgTx,
    id: Option<ScoreRuleId>,
    wanted: Wanted,
    known: &Catalogue,
) -> Result<std::result::Result<(), FieldErrors>> {
    let wanted = Wanted { rule: nodes::settled(&wanted.rule, known), ..wanted };
    if let Some((_, told)) = check::check(&wanted.rule, known).errors.first() {
        return Ok(Err(FieldErrors::on("rule", told)));
    }
    queries::lock(tx).await?;
    if id.is_none() && queries::standing(tx).await?.len() >= MOST {
        return Ok(Err(FieldErrors::on("rule", "A workspace has 50 rules at most. Take one away first.")));
    }
    if let Some(old) = id {
        remove(tx, old, known.now).await?;
        record(tx, "scores.rule_removed", old, known.now).await?;
    }
    let id = add(tx, &wanted, known.now).await?;
    record(tx, "scores.rule_added", id, known.now).await?;
    Ok(Ok(()))
}

async fn page(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): At,
    form: ScoreForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if id.is_some() { "Change the points" } else { "Give points" }.to_owned();
    let builder = builder(app, scope, (id, behaviours), form, errors).await?;
    let shell = frame(app, scope, "settings").await?;
    Ok((status, View(views::Edit { shell, title, builder })).into_response())
}

async fn builder(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): At,
    form: ScoreForm,
    errors: FieldErrors,
) -> Result<views::Builder> {
    let mut tx = scope.enter().await?;
    let known = catalogue(&mut tx, behaviours, app.clock.now()).await?;
    let rule = nodes::settled(&form.rule.rule, &known);
    let checked = check::check(&rule, &known);
    let (held, counts) = held(&mut tx, &checked, &known, Way::Soon).await?;
    drop(tx);
    let path = scope.member.link("/settings/scoring");
    let save = id.map_or_else(|| path.clone(), |id| format!("{path}/{id}"));
    Ok(views::Builder {
        look: format!("{save}/look"),
        save,
        path,
        score: form.score,
        points: form.points,
        sentence: words::sentence(&rule, &known),
        // While it is made, a line that is still empty is not called wrong.
        nodes: nodes::nodes(&rule, &known, &checked, &counts, !errors.is_empty()),
        subjects: known.under_headings(),
        held,
        exactly: exactly(scope),
        errors,
    })
}
