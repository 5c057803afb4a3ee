//! `/account/notifications`: of what one wants to be told, and how.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{Kinds, queries, views};
use crate::{
    accounts::{CurrentUser, frame},
    web::{App, FieldErrors, Form, Result, Routes, View, csrf::FormToken, flash},
};

pub(super) fn routes() -> Routes {
    Routes::account().get("/account/notifications", edit).post("/account/notifications", update)
}

/// How one can be told of something.
pub(super) const CHOICES: &[(&str, &str)] =
    &[("app", "Here"), ("mail", "Here and by mail"), ("off", "Not at all")];

/// A choice for each kind, by its key.
pub(super) type Choices = BTreeMap<String, String>;

async fn edit(
    current: CurrentUser,
    State(app): State<App>,
    Extension(kinds): Extension<Kinds>,
    token: FormToken,
) -> Result<Response> {
    let chosen = queries::choices(&app.db, current.user.id).await?.into_iter().collect();
    show(&app, (&current, &token), &kinds, (chosen, FieldErrors::default())).await
}

async fn update(
    current: CurrentUser,
    State(app): State<App>,
    Extension(kinds): Extension<Kinds>,
    token: FormToken,
    Form(sent): Form<Choices>,
) -> Result<Response> {
    let (mut keys, mut choices, mut errors) = (Vec::new(), Vec::new(), FieldErrors::default());
    for kind in kinds.all() {
        match sent.get(kind.key).filter(|sent| CHOICES.iter().any(|(choice, _)| sent == choice)) {
            Some(choice) => {
                keys.push(kind.key.to_owned());
                choices.push(choice.clone());
            }
            None => errors.add(kind.key, "Choose one of these."),
        }
    }
    if !errors.is_empty() {
        return show(&app, (&current, &token), &kinds, (sent, errors)).await;
    }
    queries::choose(&app.db, current.user.id, (&keys, &choices), app.clock.now()).await?;
    flash::say(&current.session, "Saved how you want to be told.").await?;
    Ok(Redirect::to("/account/notifications").into_response())
}

async fn show(
    app: &App,
    (current, token): (&CurrentUser, &FormToken),
    kinds: &Kinds,
    (chosen, errors): (Choices, FieldErrors),
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, current, token, "notices").await?;
    let page = views::Settings { shell, kinds: kinds.all().to_vec(), chosen, errors };
    Ok((status, View(page)).into_response())
}
