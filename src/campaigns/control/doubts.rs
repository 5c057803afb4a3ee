//! Messages of which nobody knows whether they arrived: somebody decides.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    locked, queries,
    steps::{back, go_on},
};
use crate::{
    audit::Entry,
    campaigns::{CampaignId, SendCampaigns, Status},
    outbox::unknown::{self, Decision},
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().post("/campaigns/{campaign}/settle", settle)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SettleForm {
    /// `sent` or `again`.
    outcome: String,
}

async fn settle(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Form(form): Form<SettleForm>,
) -> Result<Response> {
    let decision = match form.outcome.as_str() {
        "sent" => Some(Decision::TreatAsSent),
        "again" => Some(Decision::SendAgain),
        _ => None,
    };
    let (decision, now) = (decision.or_404()?, app.clock.now());
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    let is_again = decision == Decision::SendAgain;
    if is_again && matches!(found.status, Status::Cancelled | Status::Failed) {
        flash::say_error(&scope.session, "It was called off: nothing of it is sent again.").await?;
        return Ok(back(&scope, id));
    }
    let settled = unknown::settle(&mut tx, found.id.0, decision, now).await?;
    if settled == 0 {
        return Ok(back(&scope, id));
    }
    if is_again && found.status == Status::Sent {
        queries::step(&mut tx, found.id, (Status::Sending, None), now).await?;
    }
    if is_again && matches!(found.status, Status::Sent | Status::Sending) {
        go_on(&mut tx, found.id).await?;
    }
    let entry = Entry::new("campaigns.settled").on("campaign", found.campaign, &found.name);
    tx.record(entry.after(json!({ "messages": settled, "outcome": form.outcome })), now).await?;
    tx.commit().await?;
    let words = if is_again { "are sent again" } else { "count as sent" };
    flash::say(&scope.session, &format!("{settled} of which nobody knew {words}.")).await?;
    Ok(back(&scope, id))
}
