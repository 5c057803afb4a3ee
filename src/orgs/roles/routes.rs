//! `/w/{org}/settings/roles`: the grid with its preview, roles of one's own, and looking as one.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Giver, Role,
    grid::{self, GridForm},
    queries,
    role_page::{self, name_of},
    views,
};
use crate::{
    audit::Entry,
    orgs::{EditRoles, ViewRoles, ViewWorkspace, frame::frame},
    tenancy::{OrgTx, Permission, Scope, viewing},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/settings/roles", index)
        .post("/settings/roles", update)
        .post("/settings/roles/new", create)
        .post("/settings/roles/{id}/view", view)
        .merge(role_page::routes())
}

/// Ending a view is nobody's permission: whoever only looks has hardly any.
pub fn account_routes() -> Routes {
    Routes::account().post("/view-as/end", end_view)
}

async fn index(scope: Scope<ViewRoles>, State(app): State<App>) -> Result<Response> {
    let roles = super::all(&mut scope.enter().await?).await?;
    let shell = frame(&app, &scope, "settings").await?;
    Ok(View(views::Index::new(shell, &scope.member, roles)).into_response())
}

/// Shows the difference first; makes it once that very difference is confirmed.
async fn update(
    scope: Scope<EditRoles>,
    State(app): State<App>,
    Form(form): Form<GridForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx).await?;
    let roles = super::all(&mut tx).await?;
    let giver = Giver::new(&scope.member, &roles);
    let changes = match grid::changes(&roles, &giver, &scope.member.access.kind, &form) {
        Ok(changes) => changes,
        Err(not_theirs) => {
            let told = format!(
                "You cannot give “{}” to {}: you do not have it yourself.",
                not_theirs.sentence, not_theirs.role
            );
            return refuse(&app, &scope, roles, FieldErrors::on("grant", &told)).await;
        }
    };
    let digest = grid::digest(&changes);
    if changes.is_empty() || form.seen != digest {
        let is_stale = !form.seen.is_empty() && !changes.is_empty();
        let shell = frame(&app, &scope, "settings").await?;
        let org = scope.member.access.slug.clone();
        return Ok(View(views::Preview { shell, org, changes, form, digest, is_stale }).into_response());
    }
    for change in &changes {
        apply(&app, &mut tx, change).await?;
    }
    tx.commit().await?;
    flash::say(&scope.session, "Changed what these roles may do, from everybody's next click on.").await?;
    Ok(Redirect::to(&scope.member.link("/settings/roles")).into_response())
}

async fn apply(app: &App, tx: &mut OrgTx, change: &grid::Change) -> Result<()> {
    let keys = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<String>>();
    queries::grant(tx, change.role.id, &keys(&change.gained)).await?;
    queries::revoke(tx, change.role.id, &keys(&change.lost)).await?;
    let changed = Entry::new("roles.changed").on("role", change.role.id, &change.role.name);
    let states = changed.before(&change.role.permissions).after(change.after());
    tx.record(states, app.clock.now()).await?;
    Ok(())
}

async fn refuse<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    roles: Vec<Role>,
    errors: FieldErrors,
) -> Result<Response> {
    let shell = frame(app, scope, "settings").await?;
    let page = views::Index { errors, ..views::Index::new(shell, &scope.member, roles) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    name: String,
    /// The role to start from.
    from: String,
}

async fn create(
    scope: Scope<EditRoles>,
    State(app): State<App>,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let roles = super::all(&mut tx).await?;
    let (name, source) = match check(&form, &roles) {
        Ok(checked) => checked,
        Err(errors) => return refuse_new(&app, &scope, roles, &form, errors).await,
    };
    let giver = Giver::new(&scope.member, &roles);
    let client_role =
        source.client_role.as_deref().filter(|key| giver.client_roles().iter().any(|role| role.key == *key));
    let Some(id) = queries::insert(&mut tx, &name, client_role, app.clock.now()).await? else {
        let errors = FieldErrors::on("name", "Another role has that name.");
        return refuse_new(&app, &scope, roles, &form, errors).await;
    };
    let made = Role { id, key: String::new(), client_role: client_role.map(str::to_owned), ..source.clone() };
    let given: Vec<String> =
        source.permissions.iter().filter(|key| giver.may_decide(&made, key)).cloned().collect();
    queries::grant(&mut tx, id, &given).await?;
    tx.record(Entry::new("roles.added").on("role", id, &name).after(&given), app.clock.now()).await?;
    tx.commit().await?;
    let said = if given.len() == source.permissions.len() {
        format!("Added the role “{name}”. It may do what {} may.", source.name)
    } else {
        format!("Added the role “{name}”, with as much of what {} may do as you may yourself.", source.name)
    };
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link("/settings/roles")).into_response())
}

/// The name, and the role to start from; or what is wrong with them.
fn check<'a>(form: &NewForm, roles: &'a [Role]) -> Result<(String, &'a Role), FieldErrors> {
    let source = roles.iter().find(|role| role.id.to_string() == form.from);
    match (name_of(&form.name), source) {
        (Ok(name), Some(source)) => Ok((name, source)),
        (name, source) => {
            let mut errors = name.err().unwrap_or_default();
            if source.is_none() {
                errors.add("from", "Choose a role to start from.");
            }
            Err(errors)
        }
    }
}

async fn refuse_new(
    app: &App,
    scope: &Scope<EditRoles>,
    roles: Vec<Role>,
    form: &NewForm,
    errors: FieldErrors,
) -> Result<Response> {
    let shell = frame(app, scope, "settings").await?;
    let page = views::Index {
        errors,
        typed_name: form.name.clone(),
        from: form.from.clone(),
        ..views::Index::new(shell, &scope.member, roles)
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}

/// From the next page on, the workspace as this role sees it.
async fn view(
    scope: Scope<ViewRoles>,
    State(app): State<App>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter_to_write().await?;
    let roles = super::all(&mut tx).await?;
    let role = roles.iter().find(|role| role.id == id).or_404()?;
    let seen = Entry::new("roles.looked_as").on("role", role.id, &role.name);
    tx.record(seen, app.clock.now()).await?;
    tx.commit().await?;
    let access = &scope.member.access;
    viewing::begin(&scope.session, access.org, &access.slug, role.id).await?;
    let to = if role.has(ViewWorkspace::KEY) { "" } else { "/settings/roles" };
    Ok(Redirect::to(&scope.member.link(to)).into_response())
}

async fn end_view(current: crate::accounts::CurrentUser) -> Result<Response> {
    Ok(match viewing::end(&current.session).await? {
        Some(slug) => Redirect::to(&format!("/w/{slug}/settings/roles")),
        None => Redirect::to("/"),
    }
    .into_response())
}
