//! `/w/{agency}/clients/{client}`: who can enter a client right now, placing somebody there, ending it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    access::{AgencyPerson, Entrant, Reason, entrants},
    queries::{self, Placing},
    routes::only_agencies,
    views,
};
use crate::{
    audit::Entry,
    orgs::{
        EditClients, EditMembers, ViewClients, ViewMembers,
        frame::frame,
        people::{Standing, change_standing},
        roles::{self, Giver, Role},
    },
    tenancy::{Member, OrgTx, Permission, Scope},
    web::{App, Error, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/clients/{client}", show)
        .post("/clients/{client}/assign", assign)
        .post("/clients/{client}/end", end)
}

/// Who can enter, who of the agency cannot, and the roles of the client.
struct Known {
    entrants: Vec<Entrant>,
    others: Vec<AgencyPerson>,
    roles: Vec<Role>,
}

impl Known {
    /// Reads the agency first, then the client, which `tx` is inside of.
    async fn find<P: Permission>(scope: &Scope<P>, tx: &mut OrgTx) -> Result<Self> {
        let people = queries::agency_people(&mut scope.enter().await?).await?;
        let (own, roles) = (queries::own_rows(tx).await?, roles::all(tx).await?);
        let entrants = entrants(&own, &people, &roles, &scope.member.access.name);
        let is_in = |person: &AgencyPerson| entrants.iter().any(|who| who.user_id == person.user_id);
        let others = people.into_iter().filter(|person| !is_in(person)).collect();
        Ok(Self { entrants, others, roles })
    }

    fn role_of(&self, who: &Entrant) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == who.role_id)
    }

    /// Whether this member of the client may end the access of `who`.
    fn may_end(&self, asking: &Member, who: &Entrant) -> bool {
        let giver = Giver::new(asking, &self.roles);
        let is_below = self.role_of(who).is_some_and(|role| giver.may_give(role));
        is_below && who.user_id != asking.user.id.0 && asking.may::<EditMembers>()
    }
}

async fn show(
    scope: Scope<ViewClients>,
    State(app): State<App>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    page(&app, &scope, &slug, (AssignForm::default(), FieldErrors::default())).await
}

async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    slug: &str,
    (form, errors): (AssignForm, FieldErrors),
) -> Result<Response> {
    let client: Scope<ViewMembers> = scope.in_client(app, slug).await?;
    let known = Known::find(scope, &mut client.enter().await?).await?;
    let member = &client.member;
    let giver = Giver::new(member, &known.roles);
    let may_edit = scope.member.may::<EditClients>() && member.may::<EditMembers>();
    let line =
        |who: &Entrant| views::Line { may_end: may_edit && known.may_end(member, who), who: who.clone() };
    let given = known.roles.iter().filter(|role| giver.may_give(role)).rev();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::AccessPage {
        shell: frame(app, scope, "clients").await?,
        org: scope.member.access.slug.clone(),
        client: member.access.slug.clone(),
        client_name: member.access.name.clone(),
        entrants: known.entrants.iter().map(line).collect(),
        may_edit,
        others: known.others.iter().map(|one| (one.user_id.to_string(), one.name.clone())).collect(),
        roles: given.map(|role| (role.id.to_string(), role.name.clone())).collect(),
        person: form.person.into_iter().next().unwrap_or_default(),
        role: form.role,
        errors,
    };
    Ok((status, View(page)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignForm {
    /// One; of several, the first counts.
    person: Vec<String>,
    role: String,
}

/// Places somebody of the agency in the client, for as long as they are in the agency.
async fn assign(
    scope: Scope<EditClients>,
    State(app): State<App>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<AssignForm>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    let client: Scope<EditMembers> = scope.in_client(&app, &slug).await?;
    let mut tx = client.enter().await?;
    let known = Known::find(&scope, &mut tx).await?;
    let giver = Giver::new(&client.member, &known.roles);
    let person = known.others.iter().find(|person| form.person.first() == Some(&person.user_id.to_string()));
    let role = known.roles.iter().find(|role| role.id.to_string() == form.role && giver.may_give(role));
    let (Some(person), Some(role)) = (person, role) else {
        drop(tx);
        let mut errors = FieldErrors::default();
        if person.is_none() {
            errors.add("person", "Choose somebody of the agency who cannot enter yet.");
        }
        if role.is_none() {
            errors.add("role", "Choose a role that you may give.");
        }
        return page(&app, &scope, &slug, (form, errors)).await;
    };
    let now = app.clock.now();
    let placing = Placing { user: person.user_id, role: role.id, status: "active", by: scope.member.user.id };
    if !queries::place(&mut tx, &placing, now).await? {
        return Err(Error::NotFound);
    }
    let assigned = Entry::new("members.assigned").on("user", person.user_id, &person.name);
    let state = json!({ "role": role.name, "by_agency": scope.member.access.name });
    tx.record(assigned.after(state), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("{} works for {} now.", person.name, client.member.access.name))
        .await?;
    Ok(Redirect::to(&scope.member.link(&format!("/clients/{slug}"))).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EndForm {
    /// One; of several, the first counts.
    person: Vec<Uuid>,
}

/// Ends somebody's access to the client, from their next request on, whatever it rests on.
async fn end(
    scope: Scope<EditClients>,
    State(app): State<App>,
    Path((_, slug)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    let client: Scope<EditMembers> = scope.in_client(&app, &slug).await?;
    let mut tx = client.enter().await?;
    let known = Known::find(&scope, &mut tx).await?;
    let who = known.entrants.iter().find(|who| form.person.first() == Some(&who.user_id)).or_404()?;
    let back = Redirect::to(&scope.member.link(&format!("/clients/{slug}")));
    let is_done = known.may_end(&client.member, who) && shut_out(&app, &client, &mut tx, who).await?;
    if !is_done {
        let told = "You, the last owner, and whoever may do more than you keep their access.";
        flash::say_error(&scope.session, told).await?;
        return Ok(back.into_response());
    }
    tx.commit().await?;
    let said = format!("{} can no longer enter {}.", who.name, client.member.access.name);
    flash::say(&scope.session, &said).await?;
    Ok(back.into_response())
}

/// A member's row is closed; against the way through the agency stands a closed row of their own.
async fn shut_out(app: &App, client: &Scope<EditMembers>, tx: &mut OrgTx, who: &Entrant) -> Result<bool> {
    let now = app.clock.now();
    if who.reason != Reason::ThroughAgency {
        let changed = change_standing(tx, &client.member, &[who.user_id], Standing::Inactive, now).await?;
        return Ok(!changed.people.is_empty());
    }
    let by = client.member.user.id;
    let placing = Placing { user: who.user_id, role: who.role_id, status: "inactive", by };
    if !queries::place(tx, &placing, now).await? {
        return Ok(false);
    }
    let done = Entry::new("members.shut_out").on("user", who.user_id, &who.name);
    let [before, after] = ["active", "inactive"].map(|standing| json!({ "standing": standing }));
    tx.record(done.before(before).after(after), now).await?;
    Ok(true)
}
