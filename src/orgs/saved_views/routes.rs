//! Saving a view, and removing it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;
use validator::Validate;

use super::queries::{self, NewView};
use crate::{
    audit::Entry,
    orgs::{ViewMembers, ViewWorkspace, people},
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().post("/views", create).post("/views/{id}/delete", delete)
}

/// The lists that have views, and what lets one see them. A name from elsewhere is no list.
const SCREENS: &[(&str, &str)] = &[(people::routes::SCREEN, ViewMembers::KEY), ("contacts", "contacts.view")];

#[derive(Debug, Deserialize, Validate)]
struct ViewForm {
    screen: String,
    #[validate(length(min = 1, max = 60, message = "Give the view a name of up to 60 characters."))]
    name: String,
    #[validate(length(max = 2000, message = "This view is too long to save."))]
    #[serde(default)]
    query: String,
    #[serde(default)]
    is_shared: Option<String>,
}

async fn create(
    scope: Scope<ViewWorkspace>,
    State(app): State<App>,
    Form(form): Form<ViewForm>,
) -> Result<Response> {
    let seen = SCREENS.iter().find(|(screen, key)| *screen == form.screen && scope.member.holds(key));
    let (screen, _) = *seen.or_404()?;
    if let Err(errors) = form.validate() {
        let told =
            FieldErrors::from(errors).all().first().map(|(_, told)| (*told).to_owned()).unwrap_or_default();
        flash::say_error(&scope.session, &told).await?;
        return back(&scope, screen, &form.query);
    }
    let view =
        NewView { screen, name: form.name.trim(), query: &form.query, is_shared: form.is_shared.is_some() };
    save(&app, &scope, &view).await?;
    flash::say(&scope.session, &format!("Saved the view “{}”.", view.name)).await?;
    back(&scope, screen, &form.query)
}

async fn save(app: &App, scope: &Scope<ViewWorkspace>, view: &NewView<'_>) -> Result<()> {
    let (user, now) = (scope.member.user.id, app.clock.now());
    let mut tx = scope.enter_to_write().await?;
    let before = queries::named(&mut tx, user, view.screen, view.name).await?;
    let id = queries::save(&mut tx, user, view, now).await?;
    let saved = Entry::new("views.saved").on("view", id, view.name).after(view);
    let saved = if let Some(before) = before { saved.before(before) } else { saved };
    tx.record(saved, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn delete(
    scope: Scope<ViewWorkspace>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter_to_write().await?;
    let view = queries::delete(&mut tx, scope.member.user.id, id).await?.or_404()?;
    let removed = Entry::new("views.removed").on("view", view.id, &view.name).before(&view);
    tx.record(removed, app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Removed the view.").await?;
    let (screen, _) = SCREENS.iter().find(|(screen, _)| *screen == view.screen).or_404()?;
    back(&scope, screen, "")
}

fn back(scope: &Scope<ViewWorkspace>, screen: &str, query: &str) -> Result<Response> {
    let mark = if query.is_empty() { "" } else { "?" };
    // The query came from a form: only what can stand in an address is repeated in one.
    let query: String = query.chars().filter(char::is_ascii_graphic).collect();
    Ok(Redirect::to(&scope.member.link(&format!("/{screen}{mark}{query}"))).into_response())
}
