//! The deals of everybody who works for one company: a part of its page, and a page of its own.

mod queries;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::{ViewDeals, deal::span, of_contact::Line};
use crate::{
    contacts::{
        beside::Card,
        companies::{self, CompanyId},
    },
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, OrNotFound, Result, Routes, Shell, View, Wants},
};

/// What stands beside a company's page.
pub const CARD: Card = Card { key: "deals", title: "Deals", needs: ViewDeals::KEY };

pub fn routes() -> Routes {
    Routes::workspace().get("/companies/{company}/deals", show)
}

/// What both page and part are given.
struct List {
    path: String,
    lines: Vec<Line>,
    count: i64,
    now: chrono::DateTime<chrono::Utc>,
}

impl List {
    fn age(&self, line: &Line) -> String {
        span(self.now - line.stage_since)
    }

    fn noun(&self) -> &'static str {
        if self.count == 1 { "deal" } else { "deals" }
    }
}

#[derive(Template)]
#[template(path = "deals/of_company.html")]
struct OfCompany {
    shell: Shell,
    name: String,
    company: String,
    companies: String,
    list: List,
}

#[derive(Template)]
#[template(path = "deals/of_company.html", block = "list")]
struct Part {
    list: List,
}

async fn show(
    scope: Scope<ViewDeals>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, CompanyId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let name = companies::find(&mut tx, id).await?.or_404()?.name;
    let lines = queries::of_company(&mut tx, id).await?;
    let count = queries::count(&mut tx, id).await?;
    drop(tx);
    let list = List { path: scope.member.link("/deals"), lines, count, now: app.clock.now() };
    if wants == Wants::Part {
        return Ok(View(Part { list }).into_response());
    }
    let shell = frame(&app, &scope, "companies").await?;
    let companies = scope.member.link("/companies");
    let company = format!("{companies}/{id}");
    Ok(View(OfCompany { shell, name, company, companies, list }).into_response())
}
