//! `/w/{org}/companies`: every company, one of them, adding, changing and deleting one.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use serde_json::json;

use super::{
    Because, Checked, Company, CompanyCards, CompanyForm, CompanyId, add, assign, find, queries, views,
};
use crate::{
    audit::Entry,
    contacts::{ContactId, EditContacts, ViewContacts, record, standing::members},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{
        App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash,
        page::{Cursor, Going},
    },
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/companies", index)
        .get("/companies/new", new)
        .post("/companies", create)
        .get("/companies/{company}", show)
        .get("/companies/{company}/edit", edit)
        .post("/companies/{company}", update)
        .post("/companies/{company}/delete", delete)
}

/// The query part of the list's address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    pub q: String,
    pub after: String,
    pub before: String,
}

impl ListQuery {
    pub(super) fn going(&self) -> Going {
        if self.before.is_empty() { Going::Forward } else { Going::Back }
    }

    pub(super) fn cursor(&self) -> Option<Cursor> {
        Cursor::decode(if self.before.is_empty() { &self.after } else { &self.before })
    }

    /// The search in lower case, with the wildcards of LIKE taken literally; empty for every company.
    pub(super) fn pattern(&self) -> String {
        let typed = self.q.trim().to_lowercase();
        let literal = typed.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        if literal.is_empty() { literal } else { format!("%{literal}%") }
    }

    /// What describes the list, without the place in it.
    pub(super) fn view(&self) -> String {
        let given = [("q", self.q.trim())].into_iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

async fn index(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let page = queries::page(&mut tx, &query).await?;
    let counts = queries::count(&mut tx, &query).await?;
    drop(tx);
    let shell = frame(&app, &scope, "companies").await?;
    Ok(View(views::Index::new(shell, &scope.member, page, (counts, query))).into_response())
}

async fn new(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Query(form): Query<CompanyForm>,
) -> Result<Response> {
    form_page(&app, &scope, None, form, FieldErrors::default()).await
}

async fn form_page(
    app: &App,
    scope: &Scope<EditContacts>,
    company: Option<Company>,
    mut form: CompanyForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let members = members(&mut tx).await?;
    let contact = the_contact(&mut tx, &form).await?.map(|contact| contact.name());
    if contact.is_none() {
        form.contact.clear();
    }
    drop(tx);
    let shell = frame(app, scope, "companies").await?;
    let path = scope.member.link("/companies");
    Ok((status, View(views::Edit { shell, path, company, contact, members, form, errors })).into_response())
}

/// Whom it is made for, where it is made for somebody who is there.
async fn the_contact(tx: &mut OrgTx, form: &CompanyForm) -> sqlx::Result<Option<crate::contacts::Contact>> {
    match form.contact.parse::<ContactId>() {
        Ok(id) => record::find(tx, id).await,
        Err(_) => Ok(None),
    }
}

/// What can be kept of a form, or what is wrong with it: also a domain that another company has.
async fn checked(
    tx: &mut OrgTx,
    form: &CompanyForm,
    itself: Option<CompanyId>,
) -> sqlx::Result<std::result::Result<Checked, FieldErrors>> {
    let checked = match form.check(&members(tx).await?) {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    let other = queries::of_domain(tx, &checked.domain).await?.filter(|(id, _)| Some(*id) != itself);
    Ok(match other {
        Some((_, name)) => Err(FieldErrors::on("domain", &format!("{name} has this domain already."))),
        None => Ok(checked),
    })
}

async fn create(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Form(form): Form<CompanyForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let by = scope.member.user.id.0;
    let mut tx = scope.enter().await?;
    let company = match checked(&mut tx, &form, None).await? {
        Ok(company) => company,
        Err(errors) => return form_page(&app, &scope, None, form, errors).await,
    };
    let id = add(&mut tx, &company, (by, now)).await?.or_404()?;
    if !form.contact.is_empty() {
        let contact = the_contact(&mut tx, &form).await?.or_404()?;
        let because = Because { cause: "staff", by: Some(by), at: now };
        assign(&mut tx, &contact, Some((id, &company.name)), because).await?;
    }
    tx.commit().await?;
    flash::say(&scope.session, "Added the company.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/companies/{id}"))).into_response())
}

async fn show(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Extension(CompanyCards(cards)): Extension<CompanyCards>,
    Path((_, id)): Path<(String, CompanyId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let company = find(&mut tx, id).await?.or_404()?;
    let people = queries::people(&mut tx, id, 100).await?;
    let count = queries::count_people(&mut tx, id).await?;
    drop(tx);
    let beside = cards.of(|permission| scope.member.holds(permission));
    let shell = frame(&app, &scope, "companies").await?;
    Ok(View(views::Show::new(shell, &scope.member, company, (people, count), beside)).into_response())
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CompanyId)>,
) -> Result<Response> {
    let company = find(&mut scope.enter().await?, id).await?.or_404()?;
    let form = CompanyForm::of(&company);
    form_page(&app, &scope, Some(company), form, FieldErrors::default()).await
}

async fn update(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CompanyId)>,
    Form(form): Form<CompanyForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let company = find(&mut tx, id).await?.or_404()?;
    let new = match checked(&mut tx, &form, Some(id)).await? {
        Ok(new) => new,
        Err(errors) => {
            drop(tx);
            return form_page(&app, &scope, Some(company), form, errors).await;
        }
    };
    queries::update(&mut tx, id, &new, now).await?;
    let was = json!({ "name": company.name, "domain": company.domain, "owner": company.owner_id });
    let is = json!({ "name": new.name, "domain": new.domain, "owner": new.owner });
    tx.record(Entry::new("companies.changed").on("company", id, &new.name).before(was).after(is), now)
        .await?;
    tx.commit().await?;
    flash::say(&scope.session, "Saved.").await?;
    Ok(Redirect::to(&scope.member.link(&format!("/companies/{id}"))).into_response())
}

async fn delete(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CompanyId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let company = find(&mut tx, id).await?.or_404()?;
    queries::delete(&mut tx, id).await?;
    let was = json!({ "name": company.name, "domain": company.domain });
    let deleted = Entry::new("companies.deleted").on("company", id, &company.name);
    tx.record(deleted.before(was), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Deleted the company. Its people are still here.").await?;
    Ok(Redirect::to(&scope.member.link("/companies")).into_response())
}
