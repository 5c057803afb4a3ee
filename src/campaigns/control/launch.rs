//! The last question before a campaign leaves, and the answer.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{locked, queries, views};
use crate::{
    audit::Entry,
    campaigns::{
        Broadcast, CampaignId, SendCampaigns, Status, broadcast,
        checks::{self, Facts, checks},
        sending::Begin,
    },
    jobs::{self, Order},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, View, Wants, flash},
};

/// How long a start can be undone.
const MOMENT: TimeDelta = TimeDelta::seconds(30);
/// People beyond whom the workspace's name is typed.
const MANY: i64 = 1_000;

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/campaigns/{campaign}/confirm", ask)
        .post("/campaigns/{campaign}/start", start)
        .post("/campaigns/{campaign}/schedule", schedule)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct LaunchForm {
    /// The state that was looked at.
    rev: i64,
    /// The workspace's name, where it goes to many.
    workspace: String,
}

async fn ask(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    wants: Wants,
    Path((_, id)): Path<(String, CampaignId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    if !found.status.is_draft() {
        return Ok(back(&scope, id));
    }
    let facts = checks::gather(&app, &mut tx, &found, app.clock.now()).await?;
    drop(tx);
    question(&app, &scope, wants, (found, facts), FieldErrors::default()).await
}

/// Whose mail it is, to how many, from whom and about what: people of agencies work for many.
async fn question(
    app: &App,
    scope: &Scope<SendCampaigns>,
    wants: Wants,
    (broadcast, facts): (Broadcast, Facts),
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let access = &scope.member.access;
    let at = broadcast.begins_at.map(|at| {
        let there = scope.member.user.in_zone(&access.time_zone);
        format!("{} ({})", there.date_and_time(at), access.time_zone.replace('_', " "))
    });
    let page = views::Confirm {
        shell: frame(app, scope, "campaigns").await?,
        path: scope.member.link(&format!("/campaigns/{}", broadcast.campaign)),
        workspace: access.name.clone(),
        stop: checks::stop(&checks(&facts)).cloned(),
        is_many: facts.audience.gets() > MANY,
        at,
        broadcast,
        facts,
        errors,
    };
    Ok(match wants {
        Wants::Part => (status, View(page.as_question())).into_response(),
        Wants::Page => (status, View(page)).into_response(),
    })
}

fn back(scope: &Scope<SendCampaigns>, id: CampaignId) -> Response {
    Redirect::to(&scope.member.link(&format!("/campaigns/{id}"))).into_response()
}

async fn start(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Form(form): Form<LaunchForm>,
) -> Result<Response> {
    launch(&app, &scope, id, form, Status::Queued).await
}

async fn schedule(
    scope: Scope<SendCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Form(form): Form<LaunchForm>,
) -> Result<Response> {
    launch(&app, &scope, id, form, Status::Scheduled).await
}

async fn launch(
    app: &App,
    scope: &Scope<SendCampaigns>,
    id: CampaignId,
    form: LaunchForm,
    to: Status,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let found = locked(&mut tx, id).await?;
    let facts = checks::gather(app, &mut tx, &found, now).await?;
    let begins_at = match may_begin((&found, form.rev), &facts, to, now) {
        Ok(begins_at) => begins_at,
        // Pressed twice, or in a second tab: it is as it was wanted.
        Err(words) if words.is_empty() => return Ok(back(scope, id)),
        Err(words) => {
            flash::say_error(&scope.session, &words).await?;
            return Ok(back(scope, id));
        }
    };
    if facts.audience.gets() > MANY && form.workspace.trim() != scope.member.access.name.trim() {
        drop(tx);
        let errors =
            FieldErrors::on("workspace", "Type the name of this workspace, exactly as it stands above.");
        return question(app, scope, Wants::Page, (found, facts), errors).await;
    }
    order(&mut tx, scope, (&found, &facts), (to, begins_at), now).await?;
    tx.commit().await?;
    if to == Status::Scheduled {
        flash::say(&scope.session, "Scheduled. Until it begins it can be taken back.").await?;
    }
    Ok(back(scope, id))
}

/// When it begins, or why it does not; no words where it has been started before.
fn may_begin(
    (found, rev): (&Broadcast, i64),
    facts: &Facts,
    to: Status,
    now: DateTime<Utc>,
) -> std::result::Result<DateTime<Utc>, String> {
    if matches!(found.status, Status::Queued | Status::Scheduled | Status::Sending) {
        return Err(String::new());
    }
    if !found.status.is_draft() || found.is_archived {
        return Err("It is past that: this page shows how it stands.".to_owned());
    }
    if found.rev != rev {
        return Err("Somebody changed this campaign meanwhile, so it was not sent. Look at it again first."
            .to_owned());
    }
    if let Some(stop) = checks::stop(&checks(facts)) {
        return Err(format!("It was not sent. {}: {}", stop.title, stop.what));
    }
    match (to, found.begins_at) {
        (Status::Scheduled, Some(at)) if at > now => Ok(at),
        (Status::Scheduled, Some(_)) => {
            Err("The time that was chosen is over. Choose a later one.".to_owned())
        }
        (Status::Scheduled, None) => Err("Choose first when it is to begin.".to_owned()),
        _ => Ok(now + MOMENT),
    }
}

async fn order(
    tx: &mut OrgTx,
    scope: &Scope<SendCampaigns>,
    (found, facts): (&Broadcast, &Facts),
    (to, begins_at): (Status, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<()> {
    let by = scope.member.user.id.0;
    let rev = queries::queue(tx, found.id, (to, begins_at), (by, now)).await?;
    let key = format!("begin:{}:{rev}", found.id);
    let after = (begins_at - now).to_std().unwrap_or_default();
    let org = tx.org();
    let order = Order { key: Some(&key), requested_by: Some(by), after };
    let begin = Begin { broadcast: found.id.0 };
    jobs::enqueue(tx.conn(), org, &begin, order).await.map_err(anyhow::Error::from)?;
    let action = if to == Status::Scheduled { "campaigns.scheduled" } else { "campaigns.started" };
    let told = json!({ "people": facts.audience.gets(), "left_out": facts.audience.left_out(), "begins_at": begins_at,
                       "subject": found.subject, "sender": facts.sender });
    tx.record(Entry::new(action).on("campaign", found.campaign, &found.name).after(told), now).await?;
    Ok(())
}
