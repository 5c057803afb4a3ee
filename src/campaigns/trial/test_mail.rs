//! Sending a trial to a few addresses: what is typed, and ordering it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{SendTrial, sent, views};
use crate::{
    audit::Entry,
    campaigns::{Broadcast, CampaignId, EditCampaigns, broadcast, mailbox},
    contacts::consent,
    email_address::EmailAddress,
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, flash},
};

/// Addresses of one trial.
const MOST: usize = 5;

pub(super) fn routes() -> Routes {
    Routes::workspace().post("/campaigns/{campaign}/test", send)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct TestForm {
    addresses: String,
    /// As whom it is written: a contact's id, or the key of a sample.
    #[serde(rename = "as")]
    person: String,
}

async fn send(
    scope: Scope<EditCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Form(form): Form<TestForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let addresses = match checked(&app, &mut tx, &found, &form).await? {
        Ok(addresses) => addresses,
        Err(told) => return refused(&app, &scope, (tx, found), form, &told).await,
    };
    for to in &addresses {
        let trial = SendTrial { broadcast: found.id.0, to: to.to_string(), person: form.person.clone() };
        let (org, key) = (tx.org(), format!("{}:{to}", found.id));
        let by = Some(scope.member.user.id.0);
        let order = Order { key: Some(&key), requested_by: by, ..Order::default() };
        jobs::enqueue(tx.conn(), org, &trial, order).await.map_err(anyhow::Error::from)?;
    }
    let told = json!({ "to": addresses.iter().map(ToString::to_string).collect::<Vec<_>>() });
    let entry = Entry::new("campaigns.tested").on("campaign", id, &found.name);
    tx.record(entry.after(told), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "The test is on its way. What became of it stands on this page.").await?;
    let seen_as: String = form_urlencoded::byte_serialize(form.person.as_bytes()).collect();
    let there = scope.member.link(&format!("/campaigns/{id}/preview?as={seen_as}"));
    Ok(Redirect::to(&there).into_response())
}

/// The addresses, or what is wrong with them or with the campaign.
async fn checked(
    app: &App,
    tx: &mut OrgTx,
    found: &Broadcast,
    form: &TestForm,
) -> Result<std::result::Result<Vec<EmailAddress>, String>> {
    let typed: Vec<&str> = form
        .addresses
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|typed| !typed.is_empty())
        .collect();
    if typed.is_empty() || typed.len() > MOST {
        return Ok(Err(format!("Type one to {MOST} addresses, one after the other.")));
    }
    let mut addresses = Vec::new();
    for one in typed {
        let Some(address) = EmailAddress::parse(one) else {
            return Ok(Err(format!("“{one}” does not look like an e-mail address.")));
        };
        if let Some(reason) = consent::suppressed(tx, address.as_str()).await? {
            let why = consent::reason_words(&reason);
            return Ok(Err(format!("Nothing is sent to {address}, not even a test: {why}.")));
        }
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if !super::is_somebody(tx, &form.person).await? {
        return Ok(Err("Choose again as whom it is written: that person is not here any more.".to_owned()));
    }
    if found.sender.is_none() {
        return Ok(Err("Choose first whom the campaign is from.".to_owned()));
    }
    let tried = super::write(app, tx, found, &form.person).await?;
    let wrong = tried.err().and_then(|problems| problems.into_iter().next());
    Ok(wrong.map_or(Ok(addresses), |problem| Err(problem.what)))
}

async fn refused(
    app: &App,
    scope: &Scope<EditCampaigns>,
    (mut tx, found): (OrgTx, Broadcast),
    form: TestForm,
    told: &str,
) -> Result<Response> {
    let trials = views::Trials {
        typed: form.addresses,
        sent: sent(&mut tx, found.id).await?,
        has_mail: mailbox::may_read(&scope.member) && mailbox::holds(&mut tx, found.id).await?,
    };
    drop(tx);
    let page = views::Test {
        shell: frame(app, scope, "campaigns").await?,
        path: scope.member.link(&format!("/campaigns/{}", found.campaign)),
        trials,
        errors: FieldErrors::on("addresses", told),
        person: form.person,
        name: found.name,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
}
