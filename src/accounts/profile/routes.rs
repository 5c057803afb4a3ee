//! `/account`, its picture, and `/account/preferences`.

use axum::{
    extract::{DefaultBodyLimit, Multipart, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{PreferencesForm, ProfileForm, avatar, queries, views};
use crate::{
    accounts::{CurrentUser, UserId, frame},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View, csrf::FormToken, flash},
};

pub fn routes() -> Routes {
    Routes::account()
        .get("/account", edit)
        .post("/account", update)
        .post_up_to("/account/avatar", update_avatar, DefaultBodyLimit::max(LARGEST_PICTURE))
        .post("/account/avatar/delete", delete_avatar)
        .get("/account/avatar/{user}/{version}", show_avatar)
        .get("/account/preferences", edit_preferences)
        .post("/account/preferences", update_preferences)
}

/// Bytes of a picture that is sent.
const LARGEST_PICTURE: usize = 8 * 1024 * 1024;

async fn edit(current: CurrentUser, State(app): State<App>, token: FormToken) -> Result<Response> {
    let form = ProfileForm::of(&current.user);
    show(&app, &current, &token, form, FieldErrors::default()).await
}

async fn update(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<ProfileForm>,
) -> Result<Response> {
    let profile = match form.check() {
        Ok(profile) => profile,
        Err(errors) => return show(&app, &current, &token, form, errors).await,
    };
    queries::save(&app.db, current.user.id, &profile, app.clock.now()).await?;
    flash::say(&current.session, "Saved your profile.").await?;
    Ok(Redirect::to("/account").into_response())
}

async fn show(
    app: &App,
    current: &CurrentUser,
    token: &FormToken,
    form: ProfileForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, current, token, "profile").await?;
    Ok((status, View(views::Profile::new(shell, &current.user, form, errors))).into_response())
}

async fn update_avatar(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    mut sent: Multipart,
) -> Result<Response> {
    let mut picture = None;
    while let Some(field) = sent.next_field().await.map_err(|error| Error::Unreadable(error.status()))? {
        if field.name() == Some("avatar") {
            picture = Some(field.bytes().await.map_err(|error| Error::Unreadable(error.status()))?);
        }
    }
    let picture = picture.unwrap_or_default();
    match avatar::square(picture.to_vec()).await? {
        Ok(png) => {
            let version = uuid::Uuid::now_v7().simple().to_string();
            queries::save_avatar(&app.db, current.user.id, &png, &version, app.clock.now()).await?;
            flash::say(&current.session, "Saved your picture.").await?;
            Ok(Redirect::to("/account").into_response())
        }
        Err(told) => {
            let form = ProfileForm::of(&current.user);
            show(&app, &current, &token, form, FieldErrors::on("avatar", told)).await
        }
    }
}

async fn delete_avatar(current: CurrentUser, State(app): State<App>) -> Result<Response> {
    queries::delete_avatar(&app.db, current.user.id).await?;
    flash::say(&current.session, "Removed your picture.").await?;
    Ok(Redirect::to("/account").into_response())
}

/// One's own picture. Its address changes with it, so a browser may keep what it has.
async fn show_avatar(
    current: CurrentUser,
    State(app): State<App>,
    Path((user, version)): Path<(UserId, String)>,
) -> Result<Response> {
    if user != current.user.id {
        return Err(Error::NotFound);
    }
    let png = queries::avatar(&app.db, user, &version).await?.or_404()?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    Ok((headers, png).into_response())
}

async fn edit_preferences(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
) -> Result<Response> {
    let form = PreferencesForm::of(&current.user);
    show_preferences(&app, &current, &token, form, FieldErrors::default()).await
}

async fn update_preferences(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    Form(form): Form<PreferencesForm>,
) -> Result<Response> {
    if let Err(errors) = form.check() {
        return show_preferences(&app, &current, &token, form, errors).await;
    }
    queries::save_preferences(&app.db, current.user.id, &form, app.clock.now()).await?;
    flash::say(&current.session, "Saved your preferences.").await?;
    Ok(Redirect::to("/account/preferences").into_response())
}

async fn show_preferences(
    app: &App,
    current: &CurrentUser,
    token: &FormToken,
    form: PreferencesForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, current, token, "preferences").await?;
    Ok((status, View(views::Preferences::new(shell, form, errors))).into_response())
}
