//! Making and changing a segment: the form, whom it holds while it changes, and saving it.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;

use super::{
    Behaviours, Wanted,
    catalogue::Catalogue,
    check,
    counting::exactly,
    form::RuleForm,
    held::{Way, held},
    nodes, queries, save, views, words,
};
use crate::{
    contacts::{EditContacts, lists::ListId, table},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .post("/contacts/segments", create)
        .get("/contacts/segments/new", new)
        .get("/contacts/segments/look", look)
        .post("/contacts/segments/{list}", update)
        .get("/contacts/segments/{list}/edit", edit)
        .get("/contacts/segments/{list}/look", look_again)
}

async fn new(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
) -> Result<Response> {
    let form = RuleForm::from(vec![("do".to_owned(), "line.0".to_owned())]);
    page(&app, &scope, (None, behaviours), form, FieldErrors::default()).await
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Path((_, id)): Path<(String, ListId)>,
) -> Result<Response> {
    let segment = queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    let form = RuleForm {
        name: segment.name.clone(),
        description: segment.description.clone(),
        rule: segment.rule(),
    };
    page(&app, &scope, (Some(id), behaviours), form, FieldErrors::default()).await
}

async fn look(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Query(form): Query<RuleForm>,
) -> Result<Response> {
    looked(&app, &scope, (None, behaviours), wants, form).await
}

async fn look_again(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Path((_, id)): Path<(String, ListId)>,
    Query(form): Query<RuleForm>,
) -> Result<Response> {
    queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    looked(&app, &scope, (Some(id), behaviours), wants, form).await
}

async fn looked(
    app: &App,
    scope: &Scope<EditContacts>,
    at: (Option<ListId>, Behaviours),
    wants: Wants,
    form: RuleForm,
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
    Form(form): Form<RuleForm>,
) -> Result<Response> {
    saved(&app, &scope, (None, behaviours), form).await
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    Path((_, id)): Path<(String, ListId)>,
    Form(form): Form<RuleForm>,
) -> Result<Response> {
    queries::find(&mut scope.enter().await?, id).await?.or_404()?;
    saved(&app, &scope, (Some(id), behaviours), form).await
}

async fn saved(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): (Option<ListId>, Behaviours),
    form: RuleForm,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    if form.name.is_empty() || form.name.chars().count() > 120 {
        errors.add("name", "Give the segment a name of up to 120 characters.");
    }
    if form.description.chars().count() > 1000 {
        errors.add("description", "Please keep this under 1000 characters.");
    }
    if !errors.is_empty() {
        return page(app, scope, (id, behaviours), form, errors).await;
    }
    let mut tx = scope.enter().await?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let (name, description) = (form.name.clone(), form.description.clone());
    let wanted = Wanted { name, description, rule: nodes::settled(&form.rule, &catalogue) };
    match save(&mut tx, id, &wanted, &catalogue).await? {
        Ok(at) => {
            tx.commit().await?;
            table::changed(app, &scope.member);
            flash::say(&scope.session, &format!("Saved the segment “{}”.", wanted.name)).await?;
            Ok(Redirect::to(&scope.member.link(&format!("/contacts/segments/{at}"))).into_response())
        }
        Err(errors) => {
            drop(tx);
            page(app, scope, (id, behaviours), form, errors).await
        }
    }
}

/// The form with the whole page around it.
pub(super) async fn page(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): (Option<ListId>, Behaviours),
    form: RuleForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if id.is_some() { "Change the segment" } else { "New segment" }.to_owned();
    let builder = builder(app, scope, (id, behaviours), form, errors).await?;
    let shell = frame(app, scope, "contacts").await?;
    Ok((status, View(views::Edit { shell, title, builder })).into_response())
}

async fn builder(
    app: &App,
    scope: &Scope<EditContacts>,
    (id, behaviours): (Option<ListId>, Behaviours),
    form: RuleForm,
    mut errors: FieldErrors,
) -> Result<views::Builder> {
    let mut tx = scope.enter().await?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let rule = nodes::settled(&form.rule, &catalogue);
    let checked = check::check(&rule, &catalogue);
    let (held, counts) = held(&mut tx, &checked, &catalogue, Way::Soon).await?;
    drop(tx);
    // While it is made, a line that is still empty is not called wrong.
    let is_sent = !errors.is_empty();
    if let Some((_, told)) = checked.errors.first().filter(|_| !errors.is_empty()) {
        errors.add("rule", told);
    }
    let path = scope.member.link("/contacts/segments");
    let save = id.map_or_else(|| path.clone(), |id| format!("{path}/{id}"));
    Ok(views::Builder {
        look: format!("{save}/look"),
        save,
        path,
        name: form.name,
        description: form.description,
        sentence: words::sentence(&rule, &catalogue),
        nodes: nodes::nodes(&rule, &catalogue, &checked, &counts, is_sent),
        subjects: catalogue.under_headings(),
        held,
        exactly: exactly(scope),
        errors,
    })
}
