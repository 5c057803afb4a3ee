//! `/w/{org}/settings/roles/{id}`: one role: its name, what its holders are in clients, removing it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Giver, Role, grid::catalogue, queries, views};
use crate::{
    audit::Entry,
    orgs::{EditRoles, ViewRoles, frame::frame, system_roles},
    tenancy::{Permission, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/roles/{id}", show)
        .post("/settings/roles/{id}", update)
        .post("/settings/roles/{id}/delete", delete)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RoleForm {
    name: String,
    client_role: String,
}

/// The name of a role as it is kept.
pub(super) fn name_of(typed: &str) -> Result<String, FieldErrors> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > 80 || name.contains(char::is_control) {
        return Err(FieldErrors::on("name", "Give the role a name of up to 80 characters."));
    }
    Ok(name.to_owned())
}

async fn show(
    scope: Scope<ViewRoles>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let roles = super::all(&mut scope.enter().await?).await?;
    let role = roles.iter().find(|role| role.id == id).or_404()?;
    let form =
        RoleForm { name: role.name.clone(), client_role: role.client_role.clone().unwrap_or_default() };
    page(&app, &scope, (&roles, role), form, FieldErrors::default()).await
}

async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    (roles, role): (&[Role], &Role),
    form: RoleForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let member = &scope.member;
    let known = catalogue(&member.access.kind).filter(|known| role.has(known.key));
    let page = views::Show {
        shell: frame(app, scope, "settings").await?,
        org: member.access.slug.clone(),
        can: known.map(|known| known.sentence).collect(),
        may_edit: member.may::<EditRoles>(),
        client_roles: client_roles(&Giver::new(member, roles), role),
        role: role.clone(),
        typed_name: form.name,
        client_role: form.client_role,
        errors,
    };
    Ok((status, View(page)).into_response())
}

/// What a holder may be in clients, for the select; nothing where this person has no say in it.
fn client_roles(giver: &Giver<'_>, role: &Role) -> Vec<(String, String)> {
    let given = giver.client_roles();
    let is_theirs = role.client_role.as_ref().is_none_or(|key| given.iter().any(|role| role.key == key));
    if role.is_owner() || given.is_empty() || !is_theirs {
        return Vec::new();
    }
    let none = (String::new(), "Nothing".to_owned());
    [none].into_iter().chain(given.iter().map(|role| (role.key.to_owned(), role.name.to_owned()))).collect()
}

async fn update(
    scope: Scope<EditRoles>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx).await?;
    let roles = super::all(&mut tx).await?;
    let role = roles.iter().find(|role| role.id == id).or_404()?;
    let open = client_roles(&Giver::new(&scope.member, &roles), role);
    let client_role = match open.iter().find(|(key, _)| *key == form.client_role) {
        Some((key, _)) => Some(key.clone()).filter(|key| !key.is_empty()),
        None => role.client_role.clone(),
    };
    let is_theirs = Giver::new(&scope.member, &roles).may_give(role);
    let above = FieldErrors::on("name", "This role may do more than you, so you cannot change it.");
    let name = match name_of(&form.name).and_then(|name| if is_theirs { Ok(name) } else { Err(above) }) {
        Ok(name) => name,
        Err(errors) => return page(&app, &scope, (&roles, role), form, errors).await,
    };
    if !queries::rename(&mut tx, id, &name, client_role.as_deref()).await? {
        let errors = FieldErrors::on("name", "Another role has that name.");
        return page(&app, &scope, (&roles, role), form, errors).await;
    }
    let before = json!({ "name": role.name, "client_role": role.client_role });
    let renamed = Entry::new("roles.renamed").on("role", id, &name).before(before);
    tx.record(renamed.after(json!({ "name": name, "client_role": client_role })), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved the role.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/settings/roles/{id}"))).into_response())
}

async fn delete(
    scope: Scope<EditRoles>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx).await?;
    let roles = super::all(&mut tx).await?;
    let role = roles.iter().find(|role| role.id == id).or_404()?;
    let is_theirs = Giver::new(&scope.member, &roles).may_give(role);
    if is_theirs && !role.is_system && role.people == 0 {
        queries::forget_invitations(&mut tx, id).await?;
    }
    let back = scope.member.link("/settings/roles");
    if !is_theirs || !queries::delete(&mut tx, id).await? {
        flash::say_error(&scope.session, &kept(role, is_theirs)).await?;
        return Ok(Redirect::to(&back).into_response());
    }
    let was = json!({ "name": role.name, "permissions": role.permissions });
    tx.record(Entry::new("roles.removed").on("role", id, &role.name).before(was), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Removed the role “{}”.", role.name)).await?;
    Ok(Redirect::to(&back).into_response())
}

/// Why a role stays.
fn kept(role: &Role, is_theirs: bool) -> String {
    if !is_theirs {
        format!("“{}” may do more than you, so you cannot remove it.", role.name)
    } else if role.is_system || system_roles::is_owner(&role.key) {
        format!("“{}” comes with every workspace and stays. You can change what it may do.", role.name)
    } else {
        format!(
            "“{}” is held by {}, or somebody is invited as it. Give them another role first.",
            role.name,
            role.people_in_words()
        )
    }
}
