//! `/w/{agency}/clients`: the list of clients, and adding one.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::json;

use super::{Client, access_page, inviting, queries, views};
use crate::{
    audit::Entry,
    events,
    orgs::happened::WorkspaceFounded,
    orgs::{
        EditClients, ViewClients,
        founding::{NewClient, found_client},
        frame::frame,
        roles::ALL_CLIENTS,
    },
    tenancy::{Member, Scope},
    web::{
        App, Error, FieldErrors, Form, Result, Routes, View, flash,
        page::{Cursor, Going, Page},
    },
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/clients", index)
        .get("/clients/new", new)
        .post("/clients", create)
        .merge(inviting::routes())
        .merge(access_page::routes())
}

/// Only an agency has clients; elsewhere the console is not there, whatever a role says.
pub(super) fn only_agencies(member: &Member) -> Result<()> {
    if member.access.kind == "agency" { Ok(()) } else { Err(Error::NotFound) }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    after: String,
    before: String,
}

impl ListQuery {
    fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    /// The search with the wildcards of LIKE taken literally.
    fn pattern(&self) -> String {
        let literal = self.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }

    fn view(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.q.trim().is_empty() {
            query.append_pair("q", self.q.trim());
        }
        query.finish()
    }
}

async fn index(
    scope: Scope<ViewClients>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    let (user, pattern, going) = (scope.member.user.id, query.pattern(), query.going());
    let cursor = Cursor::decode(if query.before.is_empty() { &query.after } else { &query.before });
    let wanted = queries::Wanted { pattern: &pattern, cursor: cursor.as_ref(), going };
    let mut tx = scope.enter().await?;
    let rows = queries::page(&mut tx, user, &wanted).await?;
    let count = queries::count(&mut tx, user, &pattern).await?;
    drop(tx);
    let at = |client: &Client| Cursor { value: client.sort_value.clone(), id: client.organization_id };
    let page = Page::cut(rows, going, cursor.is_none(), at);
    let page = views::Index {
        shell: frame(&app, &scope, "clients").await?,
        path: scope.member.link("/clients"),
        view: query.view(),
        q: query.q,
        clients: page.rows,
        previous: page.previous.unwrap_or_default(),
        next: page.next.unwrap_or_default(),
        count,
        may_edit: scope.member.may::<EditClients>(),
        me: scope.member.user.clone(),
        now: app.clock.now(),
    };
    Ok(View(page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewForm {
    name: String,
    time_zone: String,
}

impl NewForm {
    fn check(&self) -> Result<(String, &'static str), FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.contains(char::is_control) {
            errors.add("name", "Give the client a name of up to 120 characters.");
        }
        match self.time_zone.parse::<Tz>() {
            Ok(zone) if errors.is_empty() => Ok((name.to_owned(), zone.name())),
            Ok(_) => Err(errors),
            Err(_) => {
                errors.add("time_zone", "Choose a time zone from the list.");
                Err(errors)
            }
        }
    }
}

async fn new(scope: Scope<EditClients>, State(app): State<App>) -> Result<Response> {
    only_agencies(&scope.member)?;
    let form = NewForm { name: String::new(), time_zone: scope.member.access.time_zone.clone() };
    show_new(&app, &scope, form, FieldErrors::default()).await
}

async fn show_new(
    app: &App,
    scope: &Scope<EditClients>,
    form: NewForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = views::New {
        shell: frame(app, scope, "clients").await?,
        org: scope.member.access.slug.clone(),
        typed_name: form.name,
        time_zone: form.time_zone,
        zones: crate::accounts::time_zones(),
        errors,
    };
    Ok((status, View(page)).into_response())
}

async fn create(
    scope: Scope<EditClients>,
    State(app): State<App>,
    Form(form): Form<NewForm>,
) -> Result<Response> {
    only_agencies(&scope.member)?;
    let (name, time_zone) = match form.check() {
        Ok(checked) => checked,
        Err(errors) => return show_new(&app, &scope, form, errors).await,
    };
    let member = &scope.member;
    // Whoever does not enter every client anyhow enters the one they have made.
    let founder = (!member.holds(ALL_CLIENTS)).then_some(member.user.id);
    let (agency, is_sample) = (member.org(), member.access.is_sample);
    let client = NewClient { name: &name, time_zone, agency, is_sample, founder };
    let (founding, now) = (scope.founding(), app.clock.now());
    let mut agency = scope.enter().await?;
    let mut tx = founding.enter().await?;
    let slug = found_client(&mut tx, &client, now).await?;
    events::record(&mut tx, &WorkspaceFounded { kind: "client".to_owned() }).await?;
    let added = Entry::new("clients.added").on("organization", founding.org, &name);
    agency.record(added.after(json!({ "address": slug, "time_zone": time_zone })), now).await?;
    tx.commit().await?;
    agency.commit().await?;
    let said = format!("Added {name}. Now decide who works for it.");
    flash::say(&scope.session, &said).await?;
    Ok(Redirect::to(&member.link(&format!("/clients/{slug}"))).into_response())
}
