//! `/w/{org}/deals/new`: the form of a new deal.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::{NewDeal, day, make, usual_currency, views};
use crate::{
    contacts::{ContactId, contact::tidy},
    deals::{
        EditDeals,
        deal::{contact_named, owners},
        giving::tell_owner,
        people,
        pipelines::{self, Kind, Pipeline, StageId},
    },
    money::Money,
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/deals/new", new).post("/deals", create)
}

/// A deal as it is typed; also what an address fills in beforehand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DealForm {
    pub name: String,
    pub value: String,
    pub currency: String,
    pub stage: String,
    pub close: String,
    pub owner: String,
    pub source: String,
    /// The id of somebody, where it is about them.
    pub contact: String,
    /// Somebody by address or name.
    pub who: String,
}

async fn new(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Query(mut form): Query<DealForm>,
) -> Result<Response> {
    let all = pipelines::at_hand(&app, &scope).await?;
    if form.currency.is_empty() {
        form.currency = usual_currency(&mut scope.enter().await?).await?;
    }
    if form.owner.is_empty() {
        form.owner = scope.member.user.id.to_string();
    }
    page(&app, &scope, all, form, FieldErrors::default()).await
}

async fn page(
    app: &App,
    scope: &Scope<EditDeals>,
    all: Vec<Pipeline>,
    mut form: DealForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let owners = owners(&mut tx).await?;
    let contact = match form.contact.parse::<ContactId>() {
        Ok(id) => contact_named(&mut tx, id).await?,
        Err(_) => None,
    };
    if contact.is_none() {
        form.contact.clear();
    }
    drop(tx);
    let shell = frame(app, scope, "deals").await?;
    let path = scope.member.link("/deals");
    Ok((status, View(views::New { shell, path, pipelines: all, owners, contact, form, errors }))
        .into_response())
}

async fn create(
    scope: Scope<EditDeals>,
    State(app): State<App>,
    Form(form): Form<DealForm>,
) -> Result<Response> {
    let all = pipelines::at_hand(&app, &scope).await?;
    let mut tx = scope.enter().await?;
    let new = match check(&mut tx, &form, &all).await? {
        Ok(new) => new,
        Err(errors) => {
            drop(tx);
            return page(&app, &scope, all, form, errors).await;
        }
    };
    let Some(id) = make(&mut tx, &new, Some(scope.member.user.id.0), app.clock.now()).await? else {
        drop(tx);
        // Those that are there by now: the stage, or its pipeline, went while this was typed.
        let all = pipelines::at_hand(&app, &scope).await?;
        let errors = FieldErrors::on("stage", "That stage is gone. Choose another one.");
        return page(&app, &scope, all, form, errors).await;
    };
    tell_owner(&mut tx, &app, (id, &new.name), (new.owner, &scope.member.user)).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Made the deal “{}”.", new.name)).await?;
    Ok(Redirect::to(&scope.member.link(&format!("/deals/{id}"))).into_response())
}

/// The deal that was typed, or what is wrong with it.
async fn check(
    tx: &mut OrgTx,
    form: &DealForm,
    all: &[Pipeline],
) -> Result<std::result::Result<NewDeal, FieldErrors>> {
    let mut errors = FieldErrors::default();
    let (name, source) = (tidy(&form.name), tidy(&form.source));
    if name.is_empty() || name.chars().count() > 200 {
        errors.add("name", "Give the deal a name of up to 200 characters.");
    }
    if source.chars().count() > 200 {
        errors.add("source", "Please keep this under 200 characters.");
    }
    let value = or_told(&mut errors, "value", Money::parse(&form.value, &form.currency));
    let close = or_told(&mut errors, "close", day(&form.close)).flatten();
    let typed: Option<StageId> = form.stage.parse().ok();
    let mut open = all.iter().flat_map(|pipeline| pipeline.of_kind(Kind::Open));
    let stage = match typed {
        Some(typed) => open.find(|stage| stage.id == typed),
        None if form.stage.is_empty() => open.next(),
        None => None,
    };
    if stage.is_none() {
        errors.add("stage", "That stage is not there any more. Choose one from the list.");
    }
    let members = owners(tx).await?;
    if !form.owner.is_empty() && !members.iter().any(|(id, _)| *id == form.owner) {
        errors.add("owner", "Choose somebody of this workspace.");
    }
    let contact = or_told(&mut errors, "who", whom(tx, form).await?).flatten();
    match (errors.into_result(), value, stage) {
        (Ok(()), Some(value), Some(stage)) => Ok(Ok(NewDeal {
            name,
            stage: stage.id,
            value,
            expected_close_on: close,
            owner: form.owner.parse().ok(),
            source,
            contacts: contact.into_iter().collect(),
        })),
        (Err(errors), ..) => Ok(Err(errors)),
        _ => Ok(Err(FieldErrors::on("stage", "Choose a stage from the list."))),
    }
}

/// The value, or its trouble beside the field.
fn or_told<T>(errors: &mut FieldErrors, field: &str, outcome: std::result::Result<T, String>) -> Option<T> {
    outcome.map_err(|told| errors.add(field, &told)).ok()
}

/// Whom it is about: the one whose page it came from, or whoever is meant by what was typed.
async fn whom(
    tx: &mut OrgTx,
    form: &DealForm,
) -> sqlx::Result<std::result::Result<Option<ContactId>, String>> {
    if let Ok(id) = form.contact.parse::<ContactId>() {
        let is_here = contact_named(tx, id).await?.is_some();
        return Ok(if is_here {
            Ok(Some(id))
        } else {
            Err("That contact is gone. Choose somebody.".to_owned())
        });
    }
    if form.who.trim().is_empty() {
        return Ok(Ok(None));
    }
    Ok(people::meant(tx, &form.who).await?.map(Some))
}
