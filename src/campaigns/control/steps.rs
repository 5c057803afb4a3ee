//! Undoing, pausing, going on, calling off: each does what it says once, however often it is asked for.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{locked, queries};
use crate::{
    audit::Entry,
    campaigns::{Broadcast, BroadcastId, CampaignId, SendCampaigns, Status, sending::resume},
    outbox,
    tenancy::{OrgTx, Scope},
    web::{App, Result, Routes, flash},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .post("/campaigns/{campaign}/undo", undo)
        .post("/campaigns/{campaign}/pause", pause)
        .post("/campaigns/{campaign}/resume", resume)
        .post("/campaigns/{campaign}/cancel", cancel)
}

/// Orders that it goes on.
pub(super) async fn go_on(tx: &mut OrgTx, id: BroadcastId) -> Result<()> {
    resume::resume(tx, id).await.map_err(anyhow::Error::from)?;
    Ok(())
}

pub(super) fn back(scope: &Scope<SendCampaigns>, id: CampaignId) -> Response {
    Redirect::to(&scope.member.link(&format!("/campaigns/{id}"))).into_response()
}

fn entry(action: &'static str, found: &Broadcast) -> Entry {
    let words = |status: Status| json!({ "status": status.words() });
    Entry::new(action).on("campaign", found.campaign, &found.name).before(words(found.status))
}

async fn undo(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    let (action, begins_at) = match found.status {
        Status::Queued => ("campaigns.undone", None),
        Status::Scheduled => ("campaigns.unscheduled", found.begins_at),
        Status::Draft => return Ok(back(&scope, id)),
        _ => {
            let words = "It has begun already. It can be paused, or called off.";
            flash::say_error(&scope.session, words).await?;
            return Ok(back(&scope, id));
        }
    };
    queries::unqueue(&mut tx, found.id, begins_at, now).await?;
    tx.record(entry(action, &found), now).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Taken back. Nothing was sent; it is a draft again.").await?;
    Ok(back(&scope, id))
}

async fn pause(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    if found.status == Status::Sending {
        queries::step(&mut tx, found.id, (Status::Paused, None), now).await?;
        tx.record(entry("campaigns.paused", &found), now).await?;
        tx.commit().await?;
        let words = "Paused. Messages that were already with the server may still arrive.";
        flash::say(&scope.session, words).await?;
    }
    Ok(back(&scope, id))
}

async fn resume(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    if found.status == Status::Paused {
        queries::step(&mut tx, found.id, (Status::Sending, None), now).await?;
        go_on(&mut tx, found.id).await?;
        tx.record(entry("campaigns.resumed", &found), now).await?;
        tx.commit().await?;
        flash::say(&scope.session, "It goes on.").await?;
    }
    Ok(back(&scope, id))
}

/// Nothing more leaves from the first transaction on; the second writes down what never left, which may
/// take a while where there are many.
async fn cancel(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    if !matches!(found.status, Status::Sending | Status::Paused | Status::Queued | Status::Scheduled) {
        return Ok(back(&scope, id));
    }
    queries::step(&mut tx, found.id, (Status::Cancelled, Some(now)), now).await?;
    let gone = queries::gone(&mut tx, found.id).await?;
    tx.record(entry("campaigns.cancelled", &found).after(json!({ "gone": gone })), now).await?;
    tx.commit().await?;
    let mut tx = scope.enter().await?;
    outbox::cancel(&mut tx, found.id.0, now).await?;
    tx.commit().await?;
    let words = match gone {
        0 => "Called off. Nobody got it.".to_owned(),
        1 => "Called off. 1 message had left before.".to_owned(),
        many => format!("Called off. {many} messages had left before."),
    };
    flash::say(&scope.session, &words).await?;
    Ok(back(&scope, id))
}
