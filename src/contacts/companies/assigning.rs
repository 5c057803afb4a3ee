//! `/w/{org}/contacts/{contact}/company`: for whom somebody works, said on their page; and what their address
//! suggests.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Because, CompanyId, assign, domain, find, queries};
use crate::{
    contacts::{
        Contact, ContactId, EditContacts,
        contact::tidy,
        record::{self, Around, Trouble, page},
    },
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, Routes},
};

pub fn routes() -> Routes {
    Routes::workspace().post("/contacts/{contact}/company", change)
}

/// What is known of somebody's company on their page.
#[derive(Clone, Debug, Default)]
pub struct Works {
    /// For whom they work: id and name.
    pub at: Option<(CompanyId, String)>,
    /// A company that has the domain of their address.
    pub suggested: Option<(CompanyId, String)>,
    /// That domain, where no company has it.
    pub domain: String,
    /// Names to choose from.
    pub names: Vec<String>,
}

/// For whom somebody works, and where nothing is known, what their address suggests.
pub(in crate::contacts) async fn works(tx: &mut OrgTx, contact: &Contact) -> sqlx::Result<Works> {
    let names = queries::names(tx).await?;
    if let Some(id) = contact.company_id.map(CompanyId) {
        let at = find(tx, id).await?.map(|company| (company.id, company.name));
        return Ok(Works { at, names, ..Works::default() });
    }
    let domain = contact.email.as_deref().and_then(domain::of_address).unwrap_or_default();
    let suggested = if domain.is_empty() { None } else { queries::of_domain(tx, domain).await? };
    let domain = if suggested.is_some() { String::new() } else { domain.to_owned() };
    Ok(Works { at: None, suggested, domain, names })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignForm {
    /// What a company is called, its domain, or its id; empty for none.
    company: String,
}

async fn change(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<AssignForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = record::find(&mut tx, id).await?.or_404()?;
    let to = match the_company(&mut tx, &form).await? {
        Ok(to) => to,
        Err(told) => {
            drop(tx);
            let trouble = Trouble { typed: form.company, ..Trouble::at("company", told) };
            return page(&app, &scope, around, id, trouble).await;
        }
    };
    let because = Because { cause: "staff", by: Some(scope.member.user.id.0), at: app.clock.now() };
    assign(&mut tx, &contact, to.as_ref().map(|(id, name)| (*id, name.as_str())), because).await?;
    tx.commit().await?;
    Ok(Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response())
}

type Named = Option<(CompanyId, String)>;

/// The company that is meant, none where nothing was typed, or what to tell.
async fn the_company(
    tx: &mut OrgTx,
    form: &AssignForm,
) -> sqlx::Result<std::result::Result<Named, &'static str>> {
    let typed = tidy(&form.company);
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    if let Ok(id) = typed.parse::<CompanyId>() {
        let found = find(tx, id).await?.map(|company| Some((company.id, company.name)));
        return Ok(found.ok_or("This company is no longer there."));
    }
    let found = queries::called(tx, &typed).await?;
    Ok(match found.len() {
        0 => Err("There is no company of that name. Add it first."),
        1 => Ok(found.into_iter().next()),
        _ => Err("Several companies are called so. Type the domain of the one you mean."),
    })
}
