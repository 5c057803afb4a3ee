//! The deals of one contact: a part of their page, and a page of its own.

mod queries;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{
    DealId, EditDeals, ViewDeals,
    deal::{contact_named, span},
    pipelines::Kind,
};
use crate::{
    contacts::{ContactId, beside::Card},
    money::Money,
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, OrNotFound, Result, Routes, Shell, View, Wants},
};

/// What stands beside a contact's page.
pub const CARD: Card = Card { key: "deals", title: "Deals", needs: ViewDeals::KEY };

pub fn routes() -> Routes {
    Routes::workspace().get("/contacts/{contact}/deals", show)
}

/// A deal as it stands beside a person.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub id: DealId,
    pub name: String,
    pub stage: String,
    pub kind: Kind,
    pub value_minor: i64,
    pub currency: String,
    pub stage_since: chrono::DateTime<chrono::Utc>,
}

impl Line {
    pub fn value(&self) -> String {
        Money { minor: self.value_minor, currency: self.currency.clone() }.words()
    }
}

/// What both page and part are given.
struct List {
    path: String,
    contact: Uuid,
    lines: Vec<Line>,
    may_edit: bool,
    now: chrono::DateTime<chrono::Utc>,
}

impl List {
    fn age(&self, line: &Line) -> String {
        span(self.now - line.stage_since)
    }
}

#[derive(Template)]
#[template(path = "deals/of_contact.html")]
struct OfContact {
    shell: Shell,
    name: String,
    contacts: String,
    list: List,
}

#[derive(Template)]
#[template(path = "deals/of_contact.html", block = "list")]
struct Part {
    list: List,
}

async fn show(
    scope: Scope<ViewDeals>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let name = contact_named(&mut tx, id).await?.or_404()?;
    let lines = queries::of_contact(&mut tx, id).await?;
    drop(tx);
    let may_edit = scope.member.may::<EditDeals>();
    let list =
        List { path: scope.member.link("/deals"), contact: id.0, lines, may_edit, now: app.clock.now() };
    if wants == Wants::Part {
        return Ok(View(Part { list }).into_response());
    }
    let shell = frame(&app, &scope, "contacts").await?;
    let contacts = scope.member.link("/contacts");
    Ok(View(OfContact { shell, name, contacts, list }).into_response())
}
