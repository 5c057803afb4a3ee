//! `/w/{org}/settings/brand`: how the workspace looks to those it writes to.

use axum::{
    extract::{DefaultBodyLimit, Multipart, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{
    form::{Brand, BrandForm, PLAIN},
    queries, views,
};
use crate::{
    accounts::profile::avatar,
    audit::Entry,
    orgs::{EditBrand, ViewWorkspace, frame::frame},
    tenancy::Scope,
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

/// Bytes of a picture as it is sent.
const LARGEST: usize = 5 * 1024 * 1024;
/// Width and height that a logo is kept within.
const LOGO: (u32, u32) = (512, 256);

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/brand", edit)
        .post("/settings/brand", update)
        .post_up_to("/settings/brand/logo", update_logo, DefaultBodyLimit::max(LARGEST))
        .post("/settings/brand/logo/delete", delete_logo)
        .get("/settings/brand/logo/{version}", show_logo)
}

async fn edit(scope: Scope<EditBrand>, State(app): State<App>) -> Result<Response> {
    let kept = queries::find(&mut scope.enter().await?).await?;
    let form = match &kept {
        Some(kept) => BrandForm::of(&kept.brand()),
        None => BrandForm::of(&plain(&scope)),
    };
    show(&app, &scope, form, FieldErrors::default()).await
}

/// What stands in the form before anybody has filled it in.
fn plain(scope: &Scope<EditBrand>) -> Brand {
    let name = scope.member.access.name.clone();
    let (primary_colour, accent_colour) = (PLAIN.0.to_owned(), PLAIN.1.to_owned());
    Brand { name, primary_colour, accent_colour, ..Brand::default() }
}

async fn show(app: &App, scope: &Scope<EditBrand>, form: BrandForm, errors: FieldErrors) -> Result<Response> {
    let kept = queries::find(&mut scope.enter().await?).await?;
    let version = kept.as_ref().map(|kept| kept.logo_version.clone()).unwrap_or_default();
    let logo = match version.as_str() {
        "" => String::new(),
        version => scope.member.link(&format!("/settings/brand/logo/{version}")),
    };
    let page = views::Edit {
        shell: frame(app, scope, "settings").await?,
        org: scope.member.access.slug.clone(),
        form,
        logo,
        is_agencys: kept.is_none() && scope.member.access.agency_id.is_some(),
        errors,
    };
    let status = if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, View(page)).into_response())
}

async fn update(
    scope: Scope<EditBrand>,
    State(app): State<App>,
    Form(form): Form<BrandForm>,
) -> Result<Response> {
    let brand = match form.check() {
        Ok(brand) => brand,
        Err(errors) => return show(&app, &scope, form, errors).await,
    };
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let before = queries::find(&mut tx).await?.map(|kept| kept.brand());
    queries::save(&mut tx, &brand, now).await?;
    let changed = Entry::new("brand.changed").on("organization", tx.org(), &brand.name);
    tx.record(changed.before(before).after(&brand), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved the brand.").await?;
    Ok(Redirect::to(&scope.member.link("/settings/brand")).into_response())
}

async fn update_logo(
    scope: Scope<EditBrand>,
    State(app): State<App>,
    mut sent: Multipart,
) -> Result<Response> {
    let mut picture = None;
    while let Some(field) = sent.next_field().await.map_err(|error| Error::Unreadable(error.status()))? {
        if field.name() == Some("logo") {
            picture = Some(field.bytes().await.map_err(|error| Error::Unreadable(error.status()))?);
        }
    }
    let picture = picture.unwrap_or_default();
    let png = match avatar::within(picture.to_vec(), LOGO).await? {
        Ok(png) => png,
        Err(told) => {
            let kept = queries::find(&mut scope.enter().await?).await?;
            let brand = kept.map_or_else(|| plain(&scope), |kept| kept.brand());
            return show(&app, &scope, BrandForm::of(&brand), FieldErrors::on("logo", told)).await;
        }
    };
    let version = uuid::Uuid::now_v7().simple().to_string();
    keep_logo(&app, &scope, Some((&png, &version))).await?;
    flash::say(&scope.session, "Saved the logo.").await?;
    Ok(Redirect::to(&scope.member.link("/settings/brand")).into_response())
}

async fn delete_logo(scope: Scope<EditBrand>, State(app): State<App>) -> Result<Response> {
    keep_logo(&app, &scope, None).await?;
    flash::say(&scope.session, "Removed the logo.").await?;
    Ok(Redirect::to(&scope.member.link("/settings/brand")).into_response())
}

/// Keeps the picture, or none; a brand that is not there yet begins with it.
async fn keep_logo(app: &App, scope: &Scope<EditBrand>, logo: Option<(&[u8], &str)>) -> Result<()> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let kept = queries::find(&mut tx).await?;
    if kept.is_none() {
        queries::save(&mut tx, &plain(scope), now).await?;
    }
    queries::save_logo(&mut tx, logo, now).await?;
    let before = kept.map(|kept| kept.logo_version).unwrap_or_default();
    let after = logo.map(|(_, version)| version).unwrap_or_default();
    let changed = Entry::new("brand.logo_changed").on("organization", tx.org(), &scope.member.access.name);
    let [before, after] = [before.as_str(), after].map(|version| json!({ "logo": version }));
    tx.record(changed.before(before).after(after), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Its address changes with it, so a browser may keep what it has.
async fn show_logo(
    scope: Scope<ViewWorkspace>,
    Path((_, version)): Path<(String, String)>,
) -> Result<Response> {
    let png = queries::logo(&mut scope.enter().await?, &version).await?.or_404()?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    Ok((headers, png).into_response())
}
