//! `/w/{org}/people/{user}`: one person, their role, and removing them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Standing, queries, views};
use crate::{
    audit::Entry,
    events,
    orgs::happened::MemberRemoved,
    orgs::{
        EditMembers,
        frame::frame,
        invitations,
        roles::{self, Giver, Role},
    },
    tenancy::{self, JobScope, OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/people/{user}", show)
        .post("/people/{user}/role", update)
        .post("/people/{user}/remove", delete)
}

/// A person, their role, and all roles there are.
struct Known {
    person: queries::Member,
    roles: Vec<Role>,
}

impl Known {
    async fn find(tx: &mut OrgTx, user: Uuid) -> Result<Self> {
        let person = queries::member(tx, user).await?.or_404()?;
        Ok(Self { person, roles: roles::all(tx).await? })
    }

    fn role(&self) -> Result<&Role> {
        self.roles.iter().find(|role| role.id == self.person.role_id).or_404()
    }

    /// Why this member decides nothing about the person, if so.
    fn closed(&self, asking: &tenancy::Member, owners: &[Uuid]) -> Result<Option<&'static str>> {
        let id = self.person.user_id;
        Ok(if id == asking.user.id.0 {
            Some("This is you. Somebody else has to change your role, or remove you.")
        } else if owners == [id] {
            Some("This is the last owner. Make somebody else an owner first.")
        } else if !Giver::new(asking, &self.roles).may_give(self.role()?) {
            Some("This person may do more than you, so you decide nothing about them.")
        } else {
            None
        })
    }
}

async fn show(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Path((_, user)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let owners = queries::owner_ids(&mut tx).await?;
    let known = Known::find(&mut tx, user).await?;
    drop(tx);
    page(&app, &scope, (known, owners), FieldErrors::default()).await
}

async fn page(
    app: &App,
    scope: &Scope<EditMembers>,
    (known, owners): (Known, Vec<Uuid>),
    errors: FieldErrors,
) -> Result<Response> {
    let closed = known.closed(&scope.member, &owners)?.unwrap_or_default().to_owned();
    let giver = Giver::new(&scope.member, &known.roles);
    let given = known.roles.iter().filter(|role| giver.may_give(role));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::Show {
        shell: frame(app, scope, "people").await?,
        org: scope.member.access.slug.clone(),
        roles: given.map(|role| (role.id.to_string(), role.name.clone())).collect(),
        role_name: known.role()?.name.clone(),
        role: known.person.role_id.to_string(),
        joined: scope.member.user.date(known.person.joined_at),
        person: known.person,
        closed,
        errors,
    };
    Ok((status, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RoleForm {
    role: String,
}

async fn update(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Path((_, user)): Path<(String, Uuid)>,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let owners = queries::active_owners(&mut tx).await?;
    let known = Known::find(&mut tx, user).await?;
    let giver = Giver::new(&scope.member, &known.roles);
    let wanted = known.roles.iter().find(|role| role.id.to_string() == form.role);
    let complaint = match (known.closed(&scope.member, &owners)?, wanted) {
        (Some(closed), _) => Some(closed),
        (None, None) => Some("Choose a role."),
        (None, Some(role)) if !giver.may_give(role) => {
            Some("You cannot give a role that may do more than you.")
        }
        (None, Some(_)) => None,
    };
    let (None, Some(wanted)) = (complaint, wanted) else {
        drop(tx);
        let errors = FieldErrors::on("role", complaint.unwrap_or_default());
        return page(&app, &scope, (known, owners), errors).await;
    };
    let now = app.clock.now();
    queries::set_role(&mut tx, user, wanted.id, now).await?;
    let [before, after] = [known.role()?, wanted].map(|role| json!({ "role": role.name }));
    let changed = Entry::new("members.role_changed").on("user", user, &known.person.name);
    tx.record(changed.before(before).after(after), now).await?;
    tx.commit().await?;
    let said = format!("{} is {} now.", known.person.name, wanted.name);
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/people/{user}"))).into_response())
}

async fn delete(
    scope: Scope<EditMembers>,
    State(app): State<App>,
    Path((_, user)): Path<(String, Uuid)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let owners = queries::active_owners(&mut tx).await?;
    let known = Known::find(&mut tx, user).await?;
    if let Some(closed) = known.closed(&scope.member, &owners)? {
        flash::say_error(&scope.session, closed).await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/people/{user}"))).into_response());
    }
    let (now, person) = (app.clock.now(), &known.person);
    if is_of_agency(&app, &scope.member, user).await? {
        // Without a row of their own they would enter through the agency: a closed one keeps them out.
        queries::set_standing(&mut tx, &[user], Standing::Inactive, now).await?;
    } else {
        queries::remove(&mut tx, user).await?;
    }
    invitations::withdraw_of(&mut tx, &[user], now).await?;
    events::record(&mut tx, &MemberRemoved { user }).await?;
    let was = json!({ "role": known.role()?.name, "standing": person.status });
    tx.record(Entry::new("members.removed").on("user", user, &person.name).before(was), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Removed {}. They cannot enter any more.", person.name)).await?;
    Ok(Redirect::to(&scope.member.link("/people")).into_response())
}

/// Whether somebody in this client is in its agency too.
async fn is_of_agency(app: &App, asking: &tenancy::Member, user: Uuid) -> Result<bool> {
    let Some(agency) = asking.access.agency_id else { return Ok(false) };
    let scope = JobScope::new(app.db.clone(), agency, "people.remove");
    Ok(queries::is_active(&mut scope.enter().await?, user).await?)
}
